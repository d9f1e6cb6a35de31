"""Numbers written in digits beside a number that has a name."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.written import written_parts
from engine.model.parts import Answered, Bound
from facts.problem import quote


def literal_number(examined: Examined) -> Problems:
    """Thresholds in digits that equal a named number with which other parts compare the same question."""
    bounds = list(_bounds(examined))
    named = {(question, word) for question, _, word in bounds if word in examined.kb.numbers}
    for question, part, word in bounds:
        for other, name in sorted(named):
            if other == question and _is(word, examined.kb.numbers[name].value):
                message = f"{quote(question)} is compared with {word} here, and with {quote(name)} elsewhere"
                help = f"write {quote(name)}, so that both change together; allow it if they agree by chance"
                yield finding("literal-number", message, part.span, help)


def _bounds(examined: Examined) -> Iterator[tuple[str, Answered, str]]:
    """Each bound on a number: the question, the part, and the threshold as it was written."""
    for part in written_parts(examined.kb):
        if isinstance(part, Answered) and isinstance(part.test, Bound):
            span = part.span
            yield part.question, part, span.source[span.column - 1 : span.end - 1]


def _is(word: str, value: Decimal) -> bool:
    """Whether a word is this number in digits."""
    try:
        return Decimal(word) == value
    except InvalidOperation:
        return False


CHECKS = (Check("literal-number", literal_number),)
