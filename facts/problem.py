"""Problems: what is wrong, where, and what to do about it, as values.

Everything that reads a file returns problems instead of raising; they are put into words here and
nowhere else, in the form `file:line:col: error[code]: message`, the source line, a caret, help.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

WIDTH = 100
"""How many characters of a source line are shown."""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: 1-based line and columns (`end` is one past the last), and its source line."""

    file: str
    line: int = 0
    column: int = 0
    end: int = 0
    source: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `code` is stable; `subject` names the question or key concerned, if any."""

    code: str
    message: str
    span: Span
    help: str = ""
    earlier: Span | None = None
    subject: str = ""
    severity: Literal["error", "warning"] = "error"


class Rejected(Exception):
    """Raised by functions that promise a value when there are problems instead; carries all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(render(problem) for problem in self.problems))


def render(problem: Problem) -> str:
    """Put a problem into words: place, code and message, the source line with a caret, help."""
    lines = [f"{problem.span}: {problem.severity}[{problem.code}]: {problem.message}"]
    if problem.span.source and problem.span.column:
        lines += _excerpt(problem.span)
    if problem.earlier is not None:
        lines.append(f"  earlier: {problem.earlier}")
    if problem.help:
        lines.append(f"  help: {problem.help}")
    return "\n".join(lines)


def _excerpt(span: Span) -> list[str]:
    start = max(0, span.column - 1 - WIDTH // 2) if len(span.source) > WIDTH else 0
    shown = "".join(c if c.isprintable() else " " for c in span.source[start : start + WIDTH])
    width = max(1, min(span.end - span.column, len(shown) - (span.column - 1 - start)))
    gutter = f"{span.line:>5} | "
    return [gutter + shown, " " * (len(gutter) + span.column - 1 - start) + "^" * width]


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file, line and column, without repeats."""
    return sorted(set(problems), key=lambda p: (p.span.file, p.span.line, p.span.column, p.code, p.message))


def quoted(names: Iterable[str]) -> str:
    """Names in backticks with commas: `a`, `b`."""
    return ", ".join(f"`{name}`" for name in names)


def suggest(word: str, names: Sequence[str], what: str) -> str:
    """A "did you mean" for a misspelt word, with the alternatives where they are few enough to read."""
    from difflib import get_close_matches

    folded = {name.casefold().replace("-", "_"): name for name in names}
    close = get_close_matches(word.casefold().replace(" ", "_").replace("-", "_"), folded, n=1, cutoff=0.6)
    meant = f"did you mean `{folded[close[0]]}`?" if close else ""
    listed = f"{what}: {quoted(names)}" if 0 < len(names) <= 12 else ""
    return " ".join(part for part in (meant, listed) if part)
