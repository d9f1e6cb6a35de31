"""`formerly` added to a question that has a new name, or an option with one, so that older files can be read.

In: the text of the file that declares the question, and the change. Out: the new text. Only the entry
`formerly` is added or extended; every other byte stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.casetest.editing import Edit, Edited, applied
from facts.problem import Problem, Rejected, Span, quote
from facts.trees.yaml_layout import Entry, Piece, Written, layout, written

KEY = "formerly"


@dataclass(frozen=True, slots=True)
class Former:
    """An old name: of a question, by its present name, or if `new` is given, of its option `new`."""

    question: str
    old: str
    new: str = ""


def with_former(text: str, former: Former, file: str) -> str:
    """The text with the old name declared. Raises `Rejected` if that is left to people."""
    source = written(text)
    for document in layout(source):
        for section in _at(document, "questions"):
            for entry in _at(section.value, former.question):
                return applied(text, [Edited(..., (_edit(entry.value, former, source, file),))])
    raise AssertionError("the file declares the question")


def _at(piece: Piece, key: str) -> list[Entry]:
    """The entry with this key, if there is one."""
    return [each for each in piece.entries if each.key == key] if piece.is_mapping else []


def _edit(question: Piece, former: Former, source: Written, file: str) -> Edit:
    given = _at(question, KEY)
    if not given:
        return _inserted(question, f"{KEY}: {_whole(former)}", source)
    known = given[0].value
    if known.scalar is not None:
        older = known.scalar.text
        return Edit(known.start, known.end, f"{{{older}: {{}}, {_member(former)}}}")
    own = _at(known, former.question)
    if own and not former.new:
        message = f"the options of {quote(former.question)} have old names, too"
        help = f"rename it without `--formerly`, and add lines below `{KEY}`: one for each option"
        raise Rejected([Problem("old-name-taken", message, Span(file), help, subject=former.question)])
    if own:
        return _inserted(own[0].value, f"{former.old}: {former.new}", source)
    return _inserted(known, _member(former), source)


def _whole(former: Former) -> str:
    return f"{{{_member(former)}}}" if former.new else former.old


def _member(former: Former) -> str:
    if former.new:
        return f"{former.question}: {{{former.old}: {former.new}}}"
    return f"{former.old}: {{}}"


def _inserted(mapping: Piece, entry: str, source: Written) -> Edit:
    """The insertion of an entry: at the end within brackets, else on a line of its own below the first."""
    if mapping.is_flow:
        end = mapping.entries[-1].end
        return Edit(end, end, f", {entry}")
    follower = mapping.entries[min(1, len(mapping.entries) - 1)].start
    indent = " " * (mapping.entries[0].start - source.begin(mapping.entries[0].start))
    return Edit(follower, follower, f"{entry}\n{indent}")
