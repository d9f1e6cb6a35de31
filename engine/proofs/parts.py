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
from engine.model.parts import NOWHERE, All, Always, AnyOf, Count, Not, Part
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

    `positive` is False inside an odd number of `not` and `at_most`, where the rule needs the part to be
    false, and None inside an `exactly`, which needs some parts to be true and others to be false.
    """

    part: Part
    with_always: Part
    with_never: Part
    positive: bool | None = True

    @property
    def signs(self) -> tuple[bool, ...]:
        """The truths of the part with any of which the rule may need it."""
        return (True, False) if self.positive is None else (self.positive,)

    def enables(self) -> Iterator[list[Claim]]:
        """For each sign, the claims of a case in which the rule hangs on this part, which is as needed."""
        needed = true(self.part) if self.positive is not False else false(self.part)
        return ([*self._decides(sign), needed] for sign in self.signs)

    def requires(self) -> Iterator[list[Claim]]:
        """The same, where this part is not as needed."""
        missing = ~true(self.part) if self.positive is not False else ~false(self.part)
        return ([*self._decides(sign), missing] for sign in self.signs)

    def rules_out(self, rule: Rule) -> Iterator[list[Claim]]:
        """For each sign, the claims of a case in which this part rules the rule out, and the rest is open."""
        for sign in self.signs:
            yield [false(rule.when), ~false(self.with_always if sign else self.with_never)]

    def _decides(self, sign: bool) -> list[Claim]:
        fires, not_fires = self.with_always, self.with_never
        if not sign:
            fires, not_fires = not_fires, fires
        return [true(fires), ~true(not_fires)]


def inner_parts(whole: Part) -> Iterator[Inner]:
    """Every part inside a `when`, without the whole; a `not` and the part that it negates count as one."""
    yield from (
        Inner(part, always, never, positive) for part, always, never, positive in _inside(whole, True)
    )


def _inside(part: Part, positive: bool | None) -> Iterator[tuple[Part, Part, Part, bool | None]]:
    match part:
        case All(parts) | AnyOf(parts) | Count(parts=parts):
            if isinstance(part, Count) and part.most is not None:
                positive = None if part.least or positive is None else not positive
            for at, each in enumerate(parts):

                def put(other: Part, at: int = at) -> Part:
                    return replace(part, parts=(*parts[:at], other, *parts[at + 1 :]))

                yield each, put(Always()), put(NEVER), positive
                for inner, always, never, sign in _inside(each, positive):
                    yield inner, put(always), put(never), sign
        case Not(inner):
            turned = None if positive is None else not positive
            for each, always, never, sign in _inside(inner, turned):
                yield each, replace(part, part=always), replace(part, part=never), sign
        case _:
            return


def every_part_matters(proving: Proving) -> Iterator[Result]:
    """Every part of every rule matters in some case."""
    every = [(rule, each) for rule in proving.kb.rules.values() for each in inner_parts(rule.when)]
    goals = ((*each.enables(), *each.requires(), *each.rules_out(rule)) for rule, each in every)
    proving.world.draw([goal for some in goals for goal in some])
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
    if not any(map(proving.world.is_possible, inner.enables())):
        problem = _useless(rule, inner, told, proving)
        return Result(name, "part-never-matters", "violated", (rule.id,), problem)
    if not any(map(proving.world.is_possible, (*inner.requires(), *inner.rules_out(rule)))):
        message = f"the part {told} of rule {quote(rule.id)} is true whenever the rest of the rule is"
        problem = finding("part-never-matters", message, _span(inner.part, rule), "remove the part")
        return Result(name, "part-never-matters", "violated", (rule.id,), problem)
    return Result(name, "part-never-matters", "proved")


def _useless(rule: Rule, inner: Inner, told: str, proving: Proving) -> Problem:
    """The problem of a part because of which the rule never fires."""
    holds = [true(inner.part) if sign else false(inner.part) for sign in inner.signs]
    if any(proving.world.is_possible([each]) for each in holds):
        message = f"rule {quote(rule.id)} never fires because of {told}: the rest of the rule is enough"
        return finding("part-never-matters", message, _span(inner.part, rule), "remove the part")
    message = f"{told} in rule {quote(rule.id)} can never be {'false' if inner.positive is False else 'true'}"
    help = "remove the part, or write the one that was meant"
    return finding("part-never-matters", message, _span(inner.part, rule), help)


def _span(part: Part, rule: Rule) -> Span:
    span = NOWHERE if isinstance(part, Always) else part.span
    return span if span.line else rule.span


PROOFS = (Proof(("part-never-matters",), every_part_matters),)
