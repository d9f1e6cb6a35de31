"""Whether every safety property holds in every possible case, contradictory answers included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.checks.check import finding
from engine.meaning.definitions import reads
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import Property, Verb
from engine.model.names import name_of
from engine.proofs.proving import Proof, Proving, rules_true
from engine.proofs.result import Result, Witness
from engine.solver import Undecided
from engine.solver.world import Claim, false, true, unanswered
from facts.problem import Problem, quote

REMEDIES: Mapping[Verb, str] = {
    "must": "let a rule conclude it in this case",
    "never": "change a rule that concludes it in this case",
    "not_ruled_out": "keep it open in this case",
    "stays": "change the rule that no longer concludes it",
}


def holds_always(proving: Proving) -> Iterator[Result]:
    """Every property of `safety` holds in every case."""
    for each in proving.kb.safety.values():
        yield _stays(each, proving) if each.verb == "stays" else _of_one_case(each, proving)


def speaks_of_somebody(proving: Proving) -> Iterator[Result]:
    """Every property applies to some case: its `when` can be true without contradictory answers."""
    for each in proving.kb.safety.values():
        message = f"the property {quote(each.name)} is about no case: its `when` is never true"
        help = "look for parts of its `when` that cannot be true together"
        problem = finding("property-about-nobody", message, each.span, help)
        name = name_of("property", each.name)
        ways = [proving.possible(name, problem.code, way, problem) for way in _covered(each, proving)]
        order = ("proved", "undecided", "violated")
        yield min(ways, key=lambda result: order.index(result.status))


def _of_one_case(each: Property, proving: Proving) -> Result:
    name = name_of("property", each.name)
    broken = {"must": ~true(name), "never": true(name), "not_ruled_out": false(name)}[each.verb]
    found = Result(name, "property-violated", "proved")
    for way in _covered(each, proving):
        problem = _problem(each)
        result = proving.impossible(
            name, "property-violated", [*way, broken], problem, lambda case: _concerned(case, name), True
        )
        if result.status != "proved":
            return result
    return found


def _stays(each: Property, proving: Proving) -> Result:
    """Two cases: what is true in the first must be true with further answers."""
    name = name_of("property", each.name)
    when, part = true(name_of("property", each.name, "when")), true(name)
    try:
        found = proving.pair.with_further([name], [when])
    except Undecided:
        return Result(name, "property-violated", "undecided")
    if found is None:
        return Result(name, "property-violated", "proved")
    before, after = found
    witness = Witness(after, before)
    rules = _concerned(proving.replayed(before, [when, part]), name)
    proving.replayed(after, [~part])
    return Result(name, "property-violated", "violated", rules, _problem(each), witness)


def _covered(each: Property, proving: Proving) -> Iterator[list[Claim]]:
    """The alternatives under which a property applies to a case."""
    when = true(name_of("property", each.name, "when"))
    if not each.unanswered:
        yield [when]
    for question in each.unanswered:
        asked = name_of("asked", question)
        applies = [~false(asked)] if question in proving.kb.asked_when else []
        yield [when, unanswered(question), *applies]


def _problem(each: Property) -> Problem:
    message = f"the property {quote(each.name)} does not hold in every case"
    help = f"{REMEDIES[each.verb]}, or change the property, whose reason is: {each.because}"
    return finding("property-violated", message, each.span, help.rstrip("."))


def _concerned(case: Valuation, name: str) -> tuple[str, ...]:
    """The rules that fired and that the part of the property reads."""
    read: dict[str, None] = {}
    waiting = [name]
    while waiting:
        for ref in reads(case.prepared.definitions[waiting.pop()], case.prepared.kb):
            if ref.name not in read:
                read[ref.name] = None
                waiting.append(ref.name)
    ids = [each for each in case.prepared.kb.rules if name_of("rule", each) in read]
    return tuple(rules_true(case, ids))


PROOFS = (
    Proof(("property-violated",), holds_always),
    Proof(("property-about-nobody",), speaks_of_somebody),
)
