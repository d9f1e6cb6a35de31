"""Problems as values: what is wrong, where, and how to correct it.

Readers return problems instead of raising. Only this module renders them as text: `file:line:col:
error[code]: message`, the source line with a caret, and help.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple
from unicodedata import combining, east_asian_width

from facts.nearest import nearest

WIDTH = 100
"""Maximum number of characters of a source line shown."""
LONGEST = 60
"""Maximum number of characters of a user's word shown."""
MOST_PLACES = 4
"""Maximum number of further places shown for one mistake."""
MOST_LISTED = 12
"""Maximum number of alternatives listed."""


class Span(NamedTuple):
    """A place in a file: 1-based line and columns (`end` is exclusive), and the source line.

    A named tuple, because a rule file has a hundred thousand of them and a dataclass takes three times as
    long to create.
    """

    file: str
    line: int = 0
    column: int = 0
    end: int = 0
    source: str = ""

    def __repr__(self) -> str:
        return f"Span({self.file!r}, {self.line}, {self.column}, {self.end})"

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning. `code` is stable; `subject` names the question or key concerned, if any."""

    code: str
    message: str
    span: Span
    help: str = ""
    earlier: Span | None = None
    subject: str = ""
    severity: Literal["error", "warning"] = "error"
    others: tuple[Span, ...] = ()
    """Further places of the same mistake."""


class Rejected(Exception):
    """Raised with all problems by functions that return a value only if there are none."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(render(problem) for problem in self.problems))


def without_errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the warnings. Raises `Rejected` with the errors, if any."""
    found = list(problems)
    errors = [each for each in found if each.severity == "error"]
    if errors:
        raise Rejected(errors)
    return found


def render(problem: Problem) -> str:
    """Return a problem as text: place, code and message, the source line with a caret, help."""
    lines = [f"{problem.span}: {problem.severity}[{problem.code}]: {problem.message}"]
    if problem.span.source and problem.span.column:
        lines += _excerpt(problem.span)
    if problem.others:
        lines.append(f"  also in {places(problem.others)}")
    if problem.earlier is not None:
        lines.append(f"  earlier: {problem.earlier}")
    if problem.help:
        lines.append(f"  help: {problem.help}")
    return "\n".join(printable(line) for line in lines)


def places(spans: Sequence[Span]) -> str:
    """Return the number of further places and the first few."""
    more = ["..."] if spans[MOST_PLACES:] else []
    named = ", ".join([*map(str, spans[:MOST_PLACES]), *more])
    return f"{len(spans):,} other place{'s' if spans[1:] else ''}: {named}"


def is_slip(problem: Problem) -> bool:
    """Whether one mistake, such as a renamed question, may cause the same problem in many places."""
    return problem.code.startswith("unknown-")


def gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems in order, with repeats of the same unknown name merged into one problem with all
    places.
    """
    found: dict[object, list[Problem]] = {}
    for at, problem in enumerate(problems):
        key = (problem.code, problem.message, problem.severity) if is_slip(problem) else at
        found.setdefault(key, []).append(problem)
    return [
        replace(first, others=tuple(each.span for each in others)) if others else first
        for first, *others in found.values()
    ]


def _excerpt(span: Span) -> list[str]:
    at = span.column - 1
    start = max(0, min(at - WIDTH // 2, len(span.source) - WIDTH))
    before, under, after = span.source[start:at], span.source[at : span.end - 1], span.source[at:]
    room = WIDTH - len(before)
    head, tail = "…" if start else "", "…" if len(after) > room else ""
    gutter = f"{span.line:>5} | "
    blank = " " * (len(gutter) + _columns(head + before))
    shown = _one_line(head + before + after[:room] + tail)
    return [(gutter + shown).rstrip(), blank + "^" * max(1, _columns(under[:room].rstrip()))]


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _columns(text: str) -> int:
    """Return the terminal width of a text: wide characters count two, combining characters zero."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in _one_line(text))


def printable(text: str) -> str:
    """Escape unprintable characters, which could control a terminal."""
    if text.isprintable():
        return text
    shown = (c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
    return "".join(shown)


def quote(word: str) -> str:
    """Return a user's word in backticks, shortened if it is very long."""
    return f"`{printable(word if len(word) <= LONGEST else word[: LONGEST - 1] + '…')}`"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by file, line and column, and drop duplicates."""
    return sorted(set(problems), key=lambda p: (p.span.file, p.span.line, p.span.column, p.code, p.message))


def quoted(names: Iterable[str]) -> str:
    """Return names in backticks with commas: `a`, `b`."""
    return ", ".join(quote(name) for name in names)


def suggest(word: str, names: Sequence[str], what: str) -> str:
    """Return "did you mean ...?" for a misspelt word, and the list of names if it is short enough to read."""
    near = nearest(word, names)
    meant = f"did you mean {quote(near)}?" if near else ""
    listed = f"{what}: {quoted(names)}" if len(names) <= MOST_LISTED and set(names) - {near} else ""
    return " ".join(part for part in (meant, listed) if part)
