"""A comparison of two versions for the terminal: what changed in the files, what follows, and the cases that
show it.

In: a comparison. Out: lines of text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.proofs.comparison import Comparison, short
from engine.proofs.entry import Entry
from engine.proofs.outcomes import LESS
from engine.proofs.versions import Compared, Example
from facts.problem import quoted

MOST_NAMES = 4
"""Maximum number of names in a row, unless everything is shown."""
MOST_EXAMPLES = 3
"""Maximum number of cases shown, unless everything is shown."""
MOST_ENTRIES = 20
"""Maximum number of entries shown, unless everything is shown."""
MOST_CHANGES = 8
"""Maximum number of changes shown of a case, unless everything is shown."""
MANY = 10**9


def text(comparison: Comparison, everything: bool, took: float) -> Iterator[str]:
    """The lines to print; nothing is shortened if `everything`. `took` is the number of seconds that the
    proofs took.
    """
    yield from _entries(comparison.entries, MANY if everything else MOST_ENTRIES)
    yield from verdict(comparison)
    yield from _changes(comparison, MANY if everything else MOST_NAMES)
    yield from _examples(comparison, everything)
    number = f"{len(comparison.compared):,} outcomes and directions"
    if comparison.undecided:
        yield ""
        yield f"{len(comparison.undecided):,} of {number} are undecided: give it more `--seconds`"
    yield ""
    yield f"{number} of {comparison.words[0]} and {comparison.words[1]} compared in {took:.1f} s"


def verdict(comparison: Comparison) -> Iterator[str]:
    """Sentences that say whether anything changes, and whether somebody becomes less urgent."""
    if all(each.status == "same" for each in comparison.compared):
        yield "no assessment changes: proved for every possible case"
        return
    if comparison.falls:
        yield from dict.fromkeys(
            f"somebody becomes less urgent: {each.was} → {each.now}, {responsible(each)}"
            for each in (fall.example for fall in comparison.falls)
            if each is not None
        )
    elif comparison.allowed:
        yield "nobody becomes less urgent, except by the allowed rules: proved for every possible case"
    elif any(each.kind in ("level", "names") for each in comparison.undecided):
        yield "whether somebody becomes less urgent is undecided"
    else:
        yield "nobody becomes less urgent: proved for every possible case"
    if comparison.falls:
        rules = {id for each in comparison.falls if each.example for id in _rules(each.example)}
        if rules:
            yield "  if that is meant, say so: " + " ".join(
                f"--allow-less-urgent {id}" for id in sorted(rules)
            )
    if not comparison.changed and not comparison.undecided:
        yield "no assessment changes, unless answers contradict each other: proved"


def responsible(example: Example) -> str:
    """The rules responsible for a change, in words."""
    before, after = example.rules.before, example.rules.after
    if not (before or after):
        return "though the same rules lead to it"
    told = [f"only before by {quoted(before[:MOST_NAMES])}"] if before else []
    told += [f"only after by {quoted(after[:MOST_NAMES])}"] if after else []
    return ", ".join(told)


def described(entry: Entry) -> str:
    """What changed in an entry, in words."""
    name = f"{entry.before} → {entry.after}" if entry.word == "renamed" else entry.name
    told = [", ".join(entry.fields)] if entry.fields else []
    if entry.same is not None:
        told.append("proved to mean the same" if entry.same else "means something else")
    return name + (f": {'; '.join(told)}" if told else "")


def _rules(example: Example) -> tuple[str, ...]:
    return example.rules.before or example.rules.after


def _entries(entries: Sequence[Entry], most: int) -> Iterator[str]:
    for each in entries[:most]:
        where = f"   {each.span.file}:{each.span.line}" if each.span.line else ""
        yield f"{each.word} in {each.section}: {described(each)}{where}"
        if each.advice:
            yield f"  {each.advice}"
    if entries[most:]:
        yield f"and {len(entries) - most:,} more entries; `--all` shows them"
    if entries:
        yield ""


def _changes(comparison: Comparison, most: int) -> Iterator[str]:
    if comparison.groups:
        yield ""
        yield "what changes for somebody:"
    rows = [(each.kind, each.direction, _names(comparison, each.members, most)) for each in comparison.groups]
    widths = [max((len(row[at]) for row in rows), default=0) for at in (0, 1)]
    for kind, direction, names in rows:
        yield f"  {kind.ljust(widths[0])}  {direction.ljust(widths[1])}  {names}"
    if comparison.changed and not comparison.undecided:
        yield "  everything else stays as it is for everybody: proved"
    if comparison.only_clashing and comparison.changed:
        told = [f"{each.kind} {each.name} {each.direction}" for each in comparison.only_clashing]
        yield f"  only where answers contradict each other: {short(told, most)}"
    yield from _counted(comparison)


def _names(comparison: Comparison, members: Sequence[Compared], most: int) -> str:
    told = []
    for each in members:
        rows = comparison.rows(each)
        told.append(each.name + ("" if rows is None else f" ({rows:,})"))
    return short(told, most)


def _counted(comparison: Comparison) -> Iterator[str]:
    counting = comparison.counting
    if counting is None:
        return
    share = f" ({100 * counting.different / counting.rows:.1f} %)" if counting.rows else ""
    yield ""
    rows = f"{counting.rows:,} cases in {comparison.cases}"
    yield f"of {rows}, {counting.different:,}{share} are assessed differently"
    for each in (each for each in comparison.changed if each.kind == "level"):
        found = counting.changes.get((each.kind, each.name, each.direction))
        if found and found.rows:
            more = ", ..." if found.rows > len(found.ids) else ""
            word = "below" if each.direction == LESS else "raised to"
            yield f"  {found.rows:,} {word} `{each.name}`: {', '.join(found.ids)}{more}"


def _examples(comparison: Comparison, everything: bool) -> Iterator[str]:
    shown = [each for each in comparison.examples if everything or _is_shown(comparison, each)]
    most = len(shown) if everything else MOST_EXAMPLES
    for number, example in enumerate(shown[:most], 1):
        yield ""
        yield from _example(comparison, example, number, MANY if everything else MOST_CHANGES)
    if shown[most:]:
        yield ""
        yield f"{len(shown) - most:,} more cases show the other changes; `--all` prints them"


def _is_shown(comparison: Comparison, example: Example) -> bool:
    return any(each.example and each.example.answers == example.answers for each in comparison.changed)


def _example(comparison: Comparison, example: Example, number: int, most: int) -> Iterator[str]:
    answers = list(comparison.told(example))
    yield f"case {number}: whoever answers" + (" nothing" if not answers else "")
    for question, answer, only in answers:
        known = f"   (only {comparison.words[only == 'new']} asks this)" if only else ""
        yield f"    {question}: {answer}{known}"
    changes = list(comparison.shown_by(example))
    for each in changes[:most]:
        assert each.example is not None
        name = "" if each.kind in ("level", "ceiling", "scope") or " by " in each.kind else f" {each.name}"
        yield f"  {each.kind}{name}: {each.example.was} → {each.example.now}"
    if changes[most:]:
        yield f"  and {len(changes) - most:,} more changes"
    blamed = [each.example.rules for each in changes if each.example]
    sides = {
        "before": [id for each in blamed for id in each.before],
        "after": [id for each in blamed for id in each.after],
    }
    for told, ids in sides.items():
        if ids:
            named = quoted(list(dict.fromkeys(ids))[:MOST_CHANGES])
            yield f"  rules that lead to this only {told}: {named}"
