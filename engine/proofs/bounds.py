"""Whether the bounds that rules set on one quantity meet: no gap between two of them, and no overlap.

Two rules are compared if one covers values up to a number, the other covers values from a number on with the
same kind of conclusion, and one of the two has all other parts of the other. A quantity is a number question,
a score, or the number of options that were chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import ceil, floor

from engine.checks.check import finding
from engine.model.knowledge_base import Conclusion, KnowledgeBase, Rule
from engine.model.names import name_of
from engine.model.parts import All, Answered, Bound, ChosenBound, Part, Scored
from engine.model.scores import in_digits, unit_of
from engine.proofs.proving import Proof, Proving
from engine.proofs.result import Result
from engine.solver.world import Claim, true
from facts.problem import Problem, quote
from facts.vocabulary import Number


@dataclass(frozen=True, slots=True)
class Piece:
    """The range of a quantity that a rule covers: from `low` to `high`, in whole steps of the
    quantity; None without a bound. `rest` is what else the rule needs.
    """

    rule: Rule
    low: int | None
    high: int | None
    rest: frozenset[Part]

    @property
    def kinds(self) -> frozenset[str]:
        """What the rule's conclusions are about."""
        return frozenset(_about(each) for each in self.rule.then)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that can have bounds. `step` is the smallest difference between two values."""

    name: str
    part: Answered | Scored
    step: Fraction

    def bounded(self, low: int, high: int) -> list[Claim]:
        """The claims that the quantity is in a range, in steps."""
        ends = [Bound("at_least", self._threshold(low)), Bound("at_most", self._threshold(high))]
        return [true(self._with(end)) for end in ends]

    def text(self, at: int) -> str:
        """A value in digits."""
        if isinstance(self.part, Scored):
            return in_digits(int(at * self.step))
        value = at * self.step
        return str(int(value)) if value.denominator == 1 else str(float(value))

    def _threshold(self, at: int) -> int | float:
        value = at * self.step
        return int(value) if value.denominator == 1 else float(value)

    def _with(self, bound: Bound) -> Part:
        if isinstance(self.part, Scored):
            return Scored(self.part.score, bound)
        test = self.part.test
        return Answered(
            self.part.question, ChosenBound(bound, test.options) if isinstance(test, ChosenBound) else bound
        )


def bounds_meet(proving: Proving) -> Iterator[Result]:
    """Between the bounds of two related rules there is no value that neither covers, and none that both
    cover.
    """
    for quantity, pieces in _quantities(proving.kb):
        for below, above in permutations(pieces, 2):
            if below.high is not None and above.low is not None and _belong_together(below, above):
                yield _gap(quantity, below, above, pieces, proving)
                yield _overlap(quantity, below, above, proving)


def _gap(quantity: Quantity, below: Piece, above: Piece, pieces: Sequence[Piece], proving: Proving) -> Result:
    assert below.high is not None
    assert above.low is not None
    first, last = below.high + 1, above.low - 1
    if first > last:
        return Result(quantity.name, "gap-between-bounds", "proved")
    speaking = [each.rule for each in pieces if each.kinds & below.kinds & above.kinds]
    silent = [~true(name_of("rule", rule.id)) for rule in speaking]
    rest = [true(part) for part in below.rest | above.rest]
    message = (
        f"rule {quote(below.rule.id)} ends at {quantity.text(below.high)} and {quote(above.rule.id)} begins"
        f" at {quantity.text(above.low)}: {_values(quantity, first, last)} of"
        f" {quote(quantity.name)} in neither rule"
    )
    problem = _problem("gap-between-bounds", message, above, "move one of the two bounds up to the other")
    claims = [*quantity.bounded(first, last), *rest, *silent]
    rules = (below.rule.id, above.rule.id)
    return proving.impossible(quantity.name, problem.code, claims, problem, lambda case: rules)


def _overlap(quantity: Quantity, below: Piece, above: Piece, proving: Proving) -> Result:
    assert below.high is not None
    assert above.low is not None
    is_apart = below.high < above.low or below.rule.then == above.rule.then
    if is_apart or below.low is not None or above.high is not None:
        return Result(quantity.name, "overlapping-bounds", "proved")
    message = (
        f"rule {quote(below.rule.id)} reaches up to {quantity.text(below.high)} and {quote(above.rule.id)}"
        f" begins at {quantity.text(above.low)}: {_values(quantity, above.low, below.high)}"
        f" of {quote(quantity.name)} in both rules"
    )
    problem = _problem("overlapping-bounds", message, above, "make one rule end where the other begins")
    both = [true(name_of("rule", each.rule.id)) for each in (below, above)]
    rules = (below.rule.id, above.rule.id)
    return proving.impossible(quantity.name, problem.code, both, problem, lambda case: rules)


def _values(quantity: Quantity, first: int, last: int) -> str:
    one = quantity.text(first)
    return f"{one} is" if first == last else f"{one} to {quantity.text(last)} are"


def _problem(code: str, message: str, piece: Piece, help: str) -> Problem:
    return finding(code, message, piece.rule.span, help)


def _belong_together(one: Piece, other: Piece) -> bool:
    return bool(one.kinds & other.kinds) and (one.rest <= other.rest or other.rest <= one.rest)


def _about(conclusion: Conclusion) -> str:
    """What a conclusion is about: a condition by its name, anything else by its kind."""
    return getattr(conclusion, "condition", type(conclusion).__name__)


def _quantities(kb: KnowledgeBase) -> Iterator[tuple[Quantity, list[Piece]]]:
    found: dict[Quantity, list[Piece]] = {}
    for rule in kb.rules.values():
        parts = rule.when.parts if isinstance(rule.when, All) else (rule.when,)
        bounds: dict[Quantity, list[tuple[Part, Bound]]] = {}
        for part in parts:
            if (read := _bounded(part, kb)) is not None:
                bounds.setdefault(read[0], []).append((part, read[1]))
        for quantity, own in bounds.items():
            found.setdefault(quantity, []).append(_piece(rule, quantity, own, parts))
    yield from found.items()


def _bounded(part: Part, kb: KnowledgeBase) -> tuple[Quantity, Bound] | None:
    match part:
        case Answered(question, Bound() as bound):
            kind = kb.questions[question].kind
            assert isinstance(kind, Number)
            zero = Answered(question, Bound("at_least", 0))
            return Quantity(question, zero, Fraction(1, 10**kind.decimals)), bound
        case Answered(question, ChosenBound(bound, options)):
            zero = Answered(question, ChosenBound(Bound("at_least", 0), options))
            return Quantity(question, zero, Fraction(1)), bound
        case Scored(score, bound):
            unit = Fraction(unit_of(kb.scores[score]))
            return Quantity(name_of("score", score), Scored(score, Bound("at_least", 0)), unit), bound
        case _:
            return None


def _piece(
    rule: Rule, quantity: Quantity, bounds: Sequence[tuple[Part, Bound]], parts: Sequence[Part]
) -> Piece:
    lows, highs = [], []
    for _, bound in bounds:
        at = Fraction(str(bound.threshold)) / quantity.step
        if bound.how.is_lower:
            lows.append(floor(at) + 1 if bound.how.is_strict else ceil(at))
        else:
            highs.append(ceil(at) - 1 if bound.how.is_strict else floor(at))
    own = [part for part, _ in bounds]
    rest = frozenset(part for part in parts if part not in own)
    return Piece(rule, max(lows, default=None), min(highs, default=None), rest)


PROOFS = (Proof(("gap-between-bounds", "overlapping-bounds"), bounds_meet),)
