"""The ledger in the terminal: tables of coverage, an article as a table, one claim as a page.

In: entries and claims in words. Out: renderables of rich, and sections for `engine.page.terminal`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from engine.claims.ledger import STATUSES, Entry, Ledger, Status, coverage
from engine.claims.review import ClaimSaid, ItemSaid, PropertySaid, RuleSaid
from engine.model.knowledge_base import KnowledgeBase
from engine.page import Line, Section
from engine.words.outline import Outline
from facts.problem import printable

MOST_CASES = 12
STYLES: Mapping[Status, str] = {"encoded": "", "shown": "", "context": "dim", "uncited": "bold red"}


def overview(kb: KnowledgeBase, entries: Ledger) -> RenderableType:
    """The coverage by article and by kind, and the claims left out."""
    if not entries:
        return Text(f"{printable(kb.name)} has no claims")
    listed = list(entries.values())
    by_article = coverage(listed, lambda entry: entry.source, kb.sources)
    by_kind = coverage(listed, lambda entry: entry.kind or "none given")
    left_out = [entry for entry in listed if entry.status == "uncited"]
    number = f"{len(listed):,} claim{'' if len(listed) == 1 else 's'}"
    foot = f"{len(left_out):,} of {number} not used" if left_out else f"0 of {number} not used"
    return Group(
        *(_counts("article", by_article), ""),
        *((_counts("kind", by_kind), "") if any(entry.kind for entry in listed) else ()),
        *((_left_out(left_out, kb), "") if left_out else ()),
        foot,
    )


def _counts(heading: str, counts: Mapping[str, Counter[Status]]) -> Table:
    """The number of claims of each status per group, and in total."""
    table = _table(heading, "claims", *STATUSES.values())
    for column in table.columns[1:]:
        column.justify = "right"
    whole: Counter[Status] = sum(counts.values(), Counter())
    for name, count in [*counts.items(), ("all", whole)]:
        numbers = [sum(count.values()), *(count[status] for status in STATUSES)]
        cells = (Text(f"{number:,}" if number else "-") for number in numbers)
        table.add_row(Text(printable(name)), *cells, style="bold" if count is whole else "")
    return table


def _left_out(entries: Iterable[Entry], kb: KnowledgeBase) -> Table:
    table = _table("not used", "kind", "encodable", "what it says")
    for entry in entries:
        _row(table, entry.claim, entry.kind, entry.encodable, kb.claims[entry.claim]["claim"])
    return table


def article_table(source: str, kb: KnowledgeBase, entries: Ledger) -> RenderableType:
    """The claims of an article, one row each."""
    table = _table("claim", "status", "what it says", "used by")
    mine = [entry for entry in entries.values() if entry.source == source]
    for entry in mine:
        carriers = (
            *(*entry.rules, *entry.advice, *entry.texts, *entry.scores, *entry.numbers),
            *(*entry.disagreements, *entry.properties),
        )
        status = Text(STATUSES[entry.status], STYLES[entry.status])
        _row(table, entry.claim, status, kb.claims[entry.claim]["claim"], ", ".join(carriers))
    title = Text(printable(f"{source}: {kb.sources[source].get('title', source)}"), "bold")
    return Group(title, "", table if mine else "This article has no claims.")


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        is_text = heading in ("what it says", "used by")
        table.add_column(heading, overflow="fold", no_wrap=not is_text)
    return table


def _row(table: Table, *cells: str | Text) -> None:
    table.add_row(*(cell if isinstance(cell, Text) else Text(printable(cell)) for cell in cells))


def claim_page(said: ClaimSaid, kb: KnowledgeBase, cases: Sequence[str]) -> Iterator[Section]:
    """One claim: its text, what cites it, and which cases exercise it."""
    source = kb.sources[said.entry.source].get("title", said.entry.source)
    known = (
        ("article", source),
        ("section", said.section),
        ("kind", said.entry.kind),
        ("modality", said.modality),
        ("encodable", said.entry.encodable),
        ("status", STATUSES[said.status]),
    )
    marks = tuple(Line(f"{name}: {value}") for name, value in known if value)
    yield Section(said.entry.claim, (Line(said.words), *marks), "title")
    if said.lacks:
        yield Section("Not used", (Line(said.lacks),))
    yield from _listed("Rules", (line for rule in said.rules for line in _rule(rule)))
    yield from _listed("Scores", (Line(score, "-") for score in said.scores))
    yield from _listed("Numbers", (Line(number, "-") for number in said.numbers))
    yield from _listed("Advice and texts", (line for item in said.items for line in _item(item)))
    for side in said.sides:
        lines = (*(Line(says, "·") for says in side.says), Line(side.done, "→"))
        yield Section(f"Where the articles differ ({side.name}): {side.about}", lines)
    yield from _listed("Safety properties", (line for each in said.properties for line in _property(each)))
    yield from _listed("Cases that exercise this claim", [Line(_first(cases))] if cases else [])


def _first(cases: Sequence[str]) -> str:
    more = len(cases) - MOST_CASES
    return ", ".join(cases[:MOST_CASES]) + (f", and {more:,} more (`--json` lists all)" if more > 0 else "")


def _listed(heading: str, lines: Iterable[Line]) -> Iterator[Section]:
    found = tuple(lines)
    if found:
        yield Section(heading, found)


def _rule(rule: RuleSaid) -> Iterator[Line]:
    yield Line(rule.id, "-", 0, ", ".join(rule.claims))
    yield from _outline(rule.when, 1, "when ")
    for each in rule.then:
        yield Line(f"{each.verb}: {each.text}", "→", 1, each.note)
    yield Line(f"because: {rule.because}", "", 1)


def _property(said: PropertySaid) -> Iterator[Line]:
    yield Line(said.name, "-", 0, ", ".join(said.claims))
    if said.when is not None:
        yield from _outline(said.when, 1, "when ")
    if said.unanswered:
        yield Line(f"while unanswered: {'; or '.join(said.unanswered)}", "", 1)
    yield from _outline(said.part, 1, f"{said.holds}: ")
    yield Line(f"because: {said.because}", "", 1)


def _outline(held: Outline, depth: int, before: str = "") -> Iterator[Line]:
    answers = " ".join(filter(None, (held.text, "; or ".join(held.answers))))
    yield Line(f"{before}{answers}{':' if held.parts else ''}", "" if before else "·", depth)
    for part in held.parts:
        yield from _outline(part, depth + 1)


def _item(item: ItemSaid) -> Iterator[Line]:
    yield Line(f"{item.name}: {item.text}", "-")
    if item.given_by:
        yield Line(f"given by: {', '.join(item.given_by)}", "", 1)
    if item.shown_with:
        yield Line(f"shown with: {', or '.join(item.shown_with)}", "", 1)
