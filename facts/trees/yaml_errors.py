"""Explain YAML syntax errors in plain words instead of the parser's.

In: the parser's message, its context and positions. Out: one problem at the place to correct. Covers the
messages of both PyYAML parsers, the one in C and the one in Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from facts.problem import Problem, Span, quote

GLUED = re.compile(r"[^\s,{}\[\]:]+:[^\s]")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A parser error: message, context, where parsing stopped, where the context began, and the last open
    bracket.
    """

    said: str
    about: str
    here: Span
    begun: Span
    opened: Span | None

    @property
    def word(self) -> str:
        """The character at which the parser stopped, or "" at the end of a line."""
        return self.here.source[self.here.column - 1 : self.here.column]

    @property
    def leads(self) -> bool:
        """Whether the parser stopped at the first character of a line other than spaces."""
        return not self.here.source[: self.here.column - 1].strip(" ")


def syntax_problem(complaint: Complaint) -> Problem:
    """Return a parser error as a problem."""
    for words, explain in EXPLANATIONS:
        if any(word in complaint.said for word in words):
            return explain(complaint)
    return _problem(f"not valid YAML: {complaint.said}", complaint.here, "check this line and the one before")


def _problem(message: str, span: Span, help: str, earlier: Span | None = None) -> Problem:
    return Problem("yaml-syntax", message, span, help, earlier)


def _value(complaint: Complaint) -> Problem:
    here = complaint.here
    if ": " in here.source[: here.column - 1]:
        help = "put quotes around a text that contains `: `"
        return _problem("there is a second `: ` in one line", _first(here), help)
    message = "there is a key where the value of the line above continues"
    begin = len(here.source) - len(here.source.lstrip()) + 1
    key = Span(here.file, here.line, begin, here.column, here.source)
    return _problem(
        message,
        key,
        "line it up with the keys above; if it is lined up, check for `: ` after the key of the line above",
    )


def _dash(complaint: Complaint) -> Problem:
    help = "put each `- ` on a line of its own below the key, or write `[..., ...]`"
    return _problem("a list cannot begin on the line of its key", complaint.here, help)


def _start(complaint: Complaint) -> Problem:
    if complaint.word == "\t":
        return _tab(complaint)
    message = f"a text cannot begin with {quote(complaint.word)}"
    return _problem(message, complaint.here, "put quotes around the text")


def _tab(complaint: Complaint) -> Problem:
    return _problem("a line cannot be indented with a tab", _first(complaint.here), "indent with spaces")


def _end(complaint: Complaint) -> Problem:
    if "quoted" not in complaint.about:
        return _problem("the file ends too early", complaint.here, "check the last lines")
    mark = complaint.begun.source[complaint.begun.column - 1 : complaint.begun.column]
    inside = "''" if mark == "'" else '\\"'
    span = _first(complaint.begun)
    help = f"write {mark} at the end of the text; inside the text, write {inside} for a quote"
    return _problem(f"the quote {mark} is not closed", span, help)


def _bracket(complaint: Complaint) -> Problem:
    opening, closing = ("[", "]") if "sequence" in complaint.about else ("{", "}")
    if complaint.here.line != complaint.begun.line:
        message = f"`{opening}` is not closed"
        return _problem(message, _first(complaint.begun), f"add `{closing}`, or a comma between the items")
    help = f"write a comma between items, and `{closing}` at the end to close the `{opening}`"
    return _problem(f"`,` or `{closing}` is missing", complaint.here, help, _first(complaint.begun))


def _content(complaint: Complaint) -> Problem:
    if complaint.word in ("]", "}", ","):
        help = "remove it, or put quotes around a text that begins with it"
        return _problem(f"`{complaint.word}` cannot be here", complaint.here, help)
    opening = complaint.opened.source[complaint.opened.column - 1] if complaint.opened else "["
    help = f"close `{opening}` before the next key or the end of the file"
    return _problem(f"`{opening}` is not closed", complaint.here, help, complaint.opened)


def _colon(complaint: Complaint) -> Problem:
    if GLUED.match(complaint.begun.source, complaint.begun.column - 1):
        return _problem("a space is missing after the `:`", complaint.begun, "write `key: value`")
    help = "write `key: value`, or indent the line if it continues the text above"
    return _problem("the line has no `: `", complaint.begun, help)


def _key(complaint: Complaint) -> Problem:
    if not complaint.leads:
        help = "put the quotes around the whole text"
        return _problem("there is more text after the closing quote", complaint.here, help)
    if complaint.word == ":":
        return _problem("a key is missing before `:`", complaint.here, "write `key: value`")
    if complaint.here.source.lstrip().startswith("- "):
        return _problem("there is a list item among keys", complaint.here, "indent it below its key")
    help = "line it up with the keys of the same mapping"
    return _problem("the indentation matches no line above", complaint.here, help)


def _item(complaint: Complaint) -> Problem:
    help = "begin it with `- `, or indent it less, like the keys further up"
    return _problem("there is a key among list items", complaint.here, help)


def _escape(complaint: Complaint) -> Problem:
    help = "write a backslash as `\\\\`, or put the text in single quotes"
    return _problem("the backslash does not begin an escape that YAML knows", complaint.here, help)


def _block(complaint: Complaint) -> Problem:
    help = "begin the text on the next line, or put quotes around it"
    return _problem("nothing may follow `|` or `>` on the same line", complaint.here, help)


def _decoration(complaint: Complaint) -> Problem:
    mark = complaint.begun.source[complaint.begun.column - 1 : complaint.begun.column]
    return _problem(
        f"a text cannot begin with {quote(mark)}", _first(complaint.begun), "put quotes around it"
    )


def _document(complaint: Complaint) -> Problem:
    help = "remove the line before it, or begin a new document with `---`"
    return _problem("there is more text after the end of the document", complaint.here, help)


def _first(span: Span) -> Span:
    return Span(span.file, span.line, span.column, span.column + 1, span.source)


EXPLANATIONS: tuple[tuple[tuple[str, ...], Callable[[Complaint], Problem]], ...] = (
    (("mapping values are not allowed",), _value),
    (("sequence entries are not allowed",), _dash),
    (("cannot start any token",), _start),
    (("tab character",), _tab),
    (("end of stream", "document indicator", "document separator"), _end),
    (("expected ',' or",), _bracket),
    (("node content",), _content),
    (("expected ':'",), _colon),
    (("expected key", "<block end>, but found"), _key),
    (("expected '-'",), _item),
    (("escape", "hex"), _escape),
    (("line break", "chomping"), _block),
    (("alphabetic or numeric", "tag handle", "expected '>'", "expected '!'"), _decoration),
    (("document start",), _document),
)
