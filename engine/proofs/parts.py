"""Whether every part of a rule matters: some case shows that the rule needs it.

A part matters as a requirement if in some case it alone keeps the rule from firing, and as a way to fire if
in some case the rule fires because of it. Both are asked with the part replaced by "always" and by "never".
Source: J. Chilenski and S. Miller, Applicability of modified condition/decision coverage to software testing,
1994. A part also matters if it can rule the rule out while the rest of it is still open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.checks.check import finding
from engine.model.knowledge_base import Rule
from engine.model.names import name_of
from engine.model.parts import NOWHERE, All, Always, AnyOf, AtLeast, Not, Part
from engine.proofs.proving import Proof, Proving
from engine.proofs.result import Result
from engine.solver import Undecided
from engine.solver.world import Claim, false, true
from engine.words.rule_text import written
from facts.problem import Problem, Span, quote

NEVER = Not(Always())


@dataclass(frozen=True, slots=True)
class Inner:
    """A part inside a rule, and the whole `when` with the part replaced by "always" and by "never".

    `positive` is False inside an odd number of `not`, where the rule needs the part to be false.
    """

    part: Part
    with_always: Part
    with_never: Part
    positive: bool = True

    def requires(self) -> list[Claim]:
        """The claims of a case in which the rule does not fire only because of this part."""
        return [*self._decides(), ~true(self.part) if self.positive else ~false(self.part)]

    def enables(self) -> list[Claim]:
        """The claims of a case in which the rule fires only because of this part."""
        return [*self._decides(), true(self.part) if self.positive else false(self.part)]

    def _decides(self) -> list[Claim]:
        fires, not_fires = self.with_always, self.with_never
        if not self.positive:
            fires, not_fires = not_fires, fires
        return [true(fires), ~true(not_fires)]


def inner_parts(whole: Part) -> Iterator[Inner]:
    """Every part inside a `when`, without the whole; a `not` and the part that it negates count as one."""
    yield from (
        Inner(part, always, never, positive) for part, always, never, positive in _inside(whole, True)
    )


def _inside(part: Part, positive: bool) -> Iterator[tuple[Part, Part, Part, bool]]:
    match part:
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            for at, each in enumerate(parts):

                def put(other: Part, at: int = at) -> Part:
                    return replace(part, parts=(*parts[:at], other, *parts[at + 1 :]))

                yield each, put(Always()), put(NEVER), positive
                for inner, always, never, sign in _inside(each, positive):
                    yield inner, put(always), put(never), sign
        case Not(inner):
            for each, always, never, sign in _inside(inner, not positive):
                yield each, replace(part, part=always), replace(part, part=never), sign
        case _:
            return


def every_part_matters(proving: Proving) -> Iterator[Result]:
    """Every part of every rule matters in some case."""
    for rule in proving.kb.rules.values():
        name = name_of("rule", rule.id)
        try:
            if not proving.world.is_possible([true(name)]):
                continue
            for inner in inner_parts(rule.when):
                yield _matters(rule, inner, proving)
        except Undecided:
            yield Result(name, "part-never-matters", "undecided")


def _matters(rule: Rule, inner: Inner, proving: Proving) -> Result:
    name, told = name_of("rule", rule.id), quote(written(inner.part))
    if not proving.world.is_possible(inner.enables()):
        problem = _useless(rule, inner, told, proving)
        return Result(name, "part-never-matters", "violated", (rule.id,), problem)
    earlier = [false(rule.when), ~false(inner.with_always if inner.positive else inner.with_never)]
    if not any(proving.world.is_possible(each) for each in (inner.requires(), earlier)):
        message = f"the part {told} of rule {quote(rule.id)} is true whenever the rest of the rule is"
        problem = finding("part-never-matters", message, _span(inner.part, rule), "remove the part")
        return Result(name, "part-never-matters", "violated", (rule.id,), problem)
    return Result(name, "part-never-matters", "proved")


def _useless(rule: Rule, inner: Inner, told: str, proving: Proving) -> Problem:
    """The problem of a part because of which the rule never fires."""
    holds = true(inner.part) if inner.positive else false(inner.part)
    if proving.world.is_possible([holds]):
        message = f"rule {quote(rule.id)} never fires because of {told}: the rest of the rule is enough"
        return finding("part-never-matters", message, _span(inner.part, rule), "remove the part")
    message = f"{told} in rule {quote(rule.id)} can never {'be true' if inner.positive else 'be false'}"
    help = "remove the part, or write the one that was meant"
    return finding("part-never-matters", message, _span(inner.part, rule), help)


def _span(part: Part, rule: Rule) -> Span:
    span = NOWHERE if isinstance(part, Always) else part.span
    return span if span.line else rule.span


PROOFS = (Proof(("part-never-matters",), every_part_matters),)
