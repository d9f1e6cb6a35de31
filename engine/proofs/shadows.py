"""Whether each rule is needed: it concludes something that the other rules together do not conclude.

Every conclusion is an outcome itself, so a rule is covered if other rules, perhaps several together, make
each of its conclusions whenever it fires. It then adds only its name, its reason and its claims to an
assessment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.checks.check import finding
from engine.checks.written import sources_of
from engine.meaning.definitions import keys_of
from engine.model.knowledge_base import Conclusion, Rule, Triages
from engine.model.names import as_kind, kind_of, name_of, parsed
from engine.model.parts import AnyOf, Part, Ref
from engine.proofs.proving import Proof, Proving
from engine.proofs.result import Result
from engine.solver import Undecided
from engine.solver.world import Claim, false, true
from facts.problem import quote, quoted


@dataclass(frozen=True, slots=True)
class Rivals:
    """A conclusion of a rule, by key, and the parts that conclude it without this rule. `around` are claims
    about the cases to consider.
    """

    key: str
    parts: tuple[Part, ...]
    around: tuple[Claim, ...] = ()


def is_needed(proving: Proving) -> Iterator[Result]:
    """Every rule concludes, in some case, something that the other rules together do not conclude."""
    rivals = {rule.id: list(_rivals(rule, proving)) for rule in proving.kb.rules.values()}
    proving.world.draw([_alone(name_of("rule", id), each) for id, among in rivals.items() for each in among])
    for rule in proving.kb.rules.values():
        yield from _of_rule(rule, rivals[rule.id], proving)


def _of_rule(rule: Rule, rivals: Sequence[Rivals], proving: Proving) -> Iterator[Result]:
    name = name_of("rule", rule.id)
    try:
        if not proving.world.is_possible([true(name)]):
            return
        is_needed = any(proving.world.is_possible(_alone(name, each)) for each in rivals)
        yield Result(name, "covered", "proved") if is_needed else _covered(rule, rivals, proving)
    except Undecided:
        yield Result(name, "covered", "undecided")


def _alone(name: str, rivals: Rivals) -> list[Claim]:
    """The claims of a case that has the conclusion from this rule only."""
    return [true(name), *rivals.around, *(~true(each) for each in rivals.parts)]


def _keeps_open_alone(name: str, rivals: Rivals, proving: Proving) -> bool:
    """Whether in some case this rule is the only one for which the conclusion can still come."""
    others = [false(each) for each in rivals.parts]
    return proving.world.is_possible([~false(name), *rivals.around, *others])


def _covered(rule: Rule, rivals: Sequence[Rivals], proving: Proving) -> Result:
    found = dict.fromkeys(id for each in rivals for id in _covering(rule, each, proving))
    name = name_of("rule", rule.id)
    is_open_alone = any(_keeps_open_alone(name, each, proving) for each in rivals)
    what = "only keeps questions open" if is_open_alone else "adds nothing"
    message = f"rule {quote(rule.id)} {what}: whenever it fires, {_conclude(list(found))} as much"
    help = "remove the rule, or make it need something else or conclude more"
    problem = finding("covered", message, rule.span, help)
    return Result(name, "covered", "violated", (rule.id, *found), problem)


def _covering(rule: Rule, rivals: Rivals, proving: Proving) -> list[str]:
    """A smallest set of other rules or hosts, at least one of which is true whenever this rule fires."""
    claims = [~true(each) for each in rivals.parts]
    around = [true(name_of("rule", rule.id)), *rivals.around]
    left = proving.world.core(claims, around)
    return [parsed(each.part.name).name for each in left if isinstance(each.part, Ref)]


def _conclude(rules: Sequence[str]) -> str:
    """ "`a` concludes", or "`a`, `b` together conclude"."""
    if not rules:
        return "something that is always true concludes"
    return f"{quoted(rules)} concludes" if len(rules) == 1 else f"{quoted(rules)} together conclude"


def _rivals(rule: Rule, proving: Proving) -> Iterator[Rivals]:
    for conclusion in rule.then:
        for key in keys_of(conclusion):
            yield _against(rule, conclusion, key, proving)


def _against(rule: Rule, conclusion: Conclusion, key: str, proving: Proving) -> Rivals:
    """What else makes a conclusion. A level is made for each article by itself, and for all together."""
    whole = proving.world.named.get(key)
    own = Ref(name_of("rule", rule.id))
    if not isinstance(whole, AnyOf):
        counting = [each.id for each in proving.kb.rules.values() if conclusion in each.then]
        whole = AnyOf(tuple(Ref(name_of("rule", id)) for id in counting))
    others = tuple(each for each in whole.parts if each != own)
    if isinstance(conclusion, Triages) and (sources := sources_of(rule, proving.kb)):
        others = tuple(each for each in others if _cites(each, sources, proving))
    around = (~false(as_kind(key, "give")),) if kind_of(key) == "hold" else ()
    return Rivals(key, others, around)


def _cites(part: Part, sources: frozenset[str], proving: Proving) -> bool:
    """Whether a part is a rule that cites one of these articles."""
    rule = proving.kb.rules.get(parsed(part.name).name) if isinstance(part, Ref) else None
    return rule is not None and not sources.isdisjoint(sources_of(rule, proving.kb))


PROOFS = (Proof(("covered",), is_needed),)
