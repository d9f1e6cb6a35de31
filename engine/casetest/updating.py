"""Expectations rewritten to match the current assessments, for review.

In: the outcomes of failed cases. Out: for each file its new text, and the cases left unchanged with the
reason. Only unmet expectations change: a value becomes the actual one, an absent member is no longer
expected, a present one is no longer excluded. A misspelt name, a case marked `todo`, and a case that would no
longer expect anything are left to people. The new text must parse to the intended values, or nothing is
written.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from engine.casetest.editing import Change, Edited, Unedited, after_edits, applied, edited, plain
from engine.casetest.expectation import Difference, Kind, Side, words
from engine.casetest.running import Outcome
from engine.output.files import write_whole
from facts.case import Case
from facts.paths import unreadable
from facts.plain import Plain, plain_of, tree_of
from facts.problem import Problem, Span
from facts.trees.yaml_layout import Piece, Written, layout, written
from facts.trees.yaml_tree import read_yaml

YAML = (".yaml", ".yml")
SIDES: tuple[Side, ...] = ("expect", "expect_not")
CHANGED: tuple[Kind, ...] = ("differs", "is", "lacks", "has", "extra")
NOWHERE, MARK = Span(""), "\ufeff"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file before and after, the cases changed in it, and the cases left unchanged with the reason."""

    file: str
    before: str
    after: str
    changed: tuple[Outcome, ...]
    left: tuple[tuple[Outcome, str], ...]


def rewritten(outcomes: Iterable[Outcome]) -> Iterator[Rewritten]:
    """The new texts of files with failed cases; nothing is written yet."""
    by_file: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.verdict == "failed":
            by_file[outcome.case.span.file].append(outcome)
    for file, failed in by_file.items():
        yield _file(file, failed)


def still_fails(outcome: Outcome) -> bool:
    """Whether a case still fails after the rewrite, because it has words that mean nothing."""
    return bool(outcome.misspelt) or any(each.kind not in CHANGED for each, _ in outcome.differences)


def suspicious(outcome: Outcome, levels: Sequence[str]) -> list[str]:
    """Differences to review with care: an excluded result, a missing or extra one, or a lower level."""
    rank = {level: at for at, level in enumerate(levels)}
    return [
        each.sentence
        for each, _ in outcome.differences
        if each.kind in ("is", "has", "lacks", "extra")
        or (each.kind == "differs" and rank.get(words(each.found), -1) < rank.get(words(each.wanted), -1))
    ]


def write(each: Rewritten) -> None:
    """Write a file completely or not at all; a symbolic link is followed."""
    write_whole(Path(each.file).resolve(), each.after)


def difference_shown(each: Rewritten) -> Iterator[str]:
    """The lines of a unified diff."""
    before, after = (text.splitlines() for text in (each.before, each.after))
    yield from unified_diff(before, after, each.file, f"{each.file}, rewritten", lineterm="")


def _file(file: str, failed: Sequence[Outcome]) -> Rewritten:
    """A file with the expectations of its failed cases rewritten where possible."""
    text = _text_of(file)
    if isinstance(text, Problem):
        return _untouched(file, failed, text.message)
    source = written(text.removeprefix(MARK))
    documents = layout(source)
    cases = {each.start: each for each in _cases(documents)}
    edits: dict[int, Edited] = {}
    left: list[tuple[Outcome, str]] = []
    for outcome in failed:
        try:
            edits |= _edited(outcome, cases, source)
        except Unedited as reason:
            left.append((outcome, str(reason)))
    after = applied(source.text, edits.values())
    nodes, problems = read_yaml(after.encode(), file)
    if problems or [plain_of(each) for each in nodes] != [after_edits(each, edits) for each in documents]:
        return _untouched(file, failed, "the layout of the file cannot be edited automatically")
    stay = {outcome.case.id for outcome, _ in left}
    changed = tuple(each for each in failed if each.case.id not in stay)
    mark = text[: len(text) - len(source.text)]
    return Rewritten(file, text, mark + after, changed, tuple(left))


def _untouched(file: str, failed: Iterable[Outcome], why: str) -> Rewritten:
    return Rewritten(file, "", "", (), tuple((each, why) for each in failed))


def _text_of(file: str) -> str | Problem:
    """The text of a rewritable file, including a byte order mark, or the problem that prevents rewriting."""
    path = Path(file)
    if path.suffix.lower() not in YAML:
        return Problem("not-yaml", "only YAML files are rewritten", Span(file))
    try:
        data = path.read_bytes()
    except OSError as error:
        return unreadable(path, error)
    if not os.access(path, os.W_OK):
        return Problem("file-readonly", "the file is write-protected", Span(file))
    if read_yaml(data, file)[1]:
        return Problem("file-problems", "other parts of the file cannot be read: fix them first", Span(file))
    return data.decode("utf-8")


def _cases(documents: Iterable[Piece]) -> Iterator[Piece]:
    """Every piece that may be a case: a document, a value in it, or an item of a list of them."""
    for document in documents:
        yield document
        for entry in document.entries:
            yield entry.value
            yield from (each.value for each in entry.value.entries)


def _edited(outcome: Outcome, cases: Mapping[int, Piece], source: Written) -> dict[int, Edited]:
    """The case with its expectations changed, keyed by its position in the text. Raises `Unedited`."""
    span = outcome.case.span
    start = source.lines[span.line - 1] + span.column - 1 if span.line <= len(source.lines) else -1
    changes = [_change(each) for each, _ in outcome.differences if each.kind in CHANGED]
    changes = [each for at, each in enumerate(changes) if each not in changes[:at]]
    if start not in cases or not _is_same(plain(cases[start]), outcome.case):
        raise Unedited("the file changed in the meantime")
    if not changes:
        raise Unedited("it expects an unknown name: correct the name")
    found = edited(cases[start], changes, source)
    if not isinstance(found.value, dict) or any(
        wanted and not found.value.get(side) for side, wanted in (("expect", outcome.case.expect),)
    ):
        raise Unedited("it would expect nothing any more: write new expectations")
    return {start: found}


def _is_same(value: Plain, case: Case) -> bool:
    """Whether the text still has the expectations of the case that was assessed."""
    return isinstance(value, dict) and all(
        (value.get(side) or {}) == wanted
        for side, wanted in zip(SIDES, (case.expect, case.expect_not), strict=True)
    )


def _change(difference: Difference) -> Change:
    if difference.whole is not None:
        return Change((difference.side, *difference.whole), _plain(difference.instead))
    path = (difference.side, *difference.path)
    return Change(path, _plain(difference.found) if difference.kind == "differs" else ...)


def _plain(found: object) -> Plain:
    """A found value in the form of an expectation: a score with equal ends becomes one number."""
    if isinstance(found, Mapping) and found.keys() == {"low", "high"} and found["low"] == found["high"]:
        found = found["low"]
    return plain_of(tree_of(found, NOWHERE))
