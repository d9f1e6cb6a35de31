"""Whether urgency only rises: no further answer and no warning sign lowers the level.

Cases with contradictory answers count, because they are assessed as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.checks.check import finding
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import Answered, Count, Is, Not, OneOf, Part, Ref
from engine.proofs.monotone import effects, staying
from engine.proofs.proving import Proof, Proving
from engine.proofs.result import Result, Witness
from engine.solver import Undecided
from engine.solver.pair import Two
from engine.solver.turned import Goal, Turn, drawn_turned, with_turned
from engine.solver.world import true
from facts.problem import Problem, quote
from facts.vocabulary import Choice, YesNo

MOST_TRIED = 30
"""Maximum number of rules for which cases are drawn to show that one red flag lowers the level."""


def answers_never_lower(proving: Proving) -> Iterator[Result]:
    """No further answer lowers the level."""
    stays = staying(proving.world.coding.network)
    for level in proving.kb.levels:
        name = name_of("triage", level)
        if stays[name].true:
            yield Result(name, "level-can-fall", "proved")
            continue
        message = f"a further answer can lower the level from {quote(level)}"
        help = "change the triage rule so that it does not need something unanswered or false"
        problem = finding("level-can-fall", message, proving.place(name), help)
        try:
            found = proving.pair.with_further([name])
        except Undecided:
            yield Result(name, "level-can-fall", "undecided")
        else:
            yield _compared(name, found, problem, proving)


def red_flags_never_lower(proving: Proving) -> Iterator[Result]:
    """If a red-flag answer changes from no to yes, the level never falls."""
    flags = red_flags(proving.kb, proving.world.named)
    goals = {turn: goal for turn in flags if (goal := _taken_back(turn, proving)).names}
    drawn = drawn_turned(proving.world, goals)
    for turn, rules in flags.items():
        name = name_of("question", turn.question)
        message = f"the answer {_worded(turn)} can lower the level, although it is a red flag"
        help = f"check the rules that need the opposite answer; {quote(rules[0])} treats it as a red flag"
        problem = finding("red-flag-lowers", message, proving.place(name), help)
        if turn not in goals:
            yield Result(name, "red-flag-lowers", "proved")
            continue
        try:
            is_smallest = proving.wants_smallest(problem.code)
            found = with_turned(proving.world, turn, goals[turn], drawn.get(turn), is_smallest)
        except Undecided:
            yield Result(name, "red-flag-lowers", "undecided")
        else:
            yield _compared(name, found, problem, proving)


def _taken_back(turn: Turn, proving: Proving) -> Goal:
    """The levels that a turn may take back, as far as their form tells."""
    effect = effects(proving.world.coding.network, turn)
    unclear = {name for name, how in effect.items() if how not in ("same", "up")}
    levels = [name_of("triage", level) for level in proving.kb.levels]
    rules = [id for level in levels for id in proving.prepared.rules_for[level]]
    names = (name_of("rule", id) for id in rules)
    return Goal(
        tuple(level for level in levels if level in unclear),
        tuple(Ref(name) for name in names if name in unclear)[:MOST_TRIED],
        frozenset(name for name, how in effect.items() if how != "same"),
    )


def red_flags_have_a_level(proving: Proving) -> Iterator[Result]:
    """Everybody with a red-flag answer gets more than the lowest level."""
    above = list(proving.kb.levels)[1:2]
    given = {turn: true(_given(turn, proving.kb)) for turn in red_flags(proving.kb, proving.world.named)}
    proving.world.draw([[claim] for claim in given.values()])
    for turn, rules in red_flags(proving.kb, proving.world.named).items() if above else ():
        name = name_of("question", turn.question)
        message = f"somebody can answer {_worded(turn)}, a red flag, and still get no level above the lowest"
        help = f"write a triage rule for this answer alone; {quote(rules[0])} needs more than that"
        problem = finding("red-flag-without-level", message, proving.place(name), help)
        claims = [given[turn], ~true(name_of("triage", above[0]))]
        yield proving.impossible(name, problem.code, claims, problem)


def red_flags(kb: KnowledgeBase, named: Mapping[str, Part]) -> dict[Turn, list[str]]:
    """The answers that red-flag rules look for, each with these rules."""
    found: dict[Turn, list[str]] = {}
    for rule in kb.rules.values():
        if kb.is_red_flag(rule):
            for turn in _looked_for(rule.when, kb, named):
                found.setdefault(turn, []).append(rule.id)
    return found


def _looked_for(part: Part, kb: KnowledgeBase, named: Mapping[str, Part]) -> list[Turn]:
    """The answers that can help a part to be true."""
    found: dict[Turn, None] = {}
    waiting, seen = [(part, True)], set[tuple[str, bool]]()
    while waiting:
        each, positive = waiting.pop()
        match each:
            case Not(inner):
                waiting.append((inner, not positive))
            case Ref(name):
                if (name, positive) not in seen and name in named:
                    seen.add((name, positive))
                    waiting.append((named[name], positive))
            case Answered(question, Is(value)) if value is positive:
                found[Turn(question)] = None
            case Answered(question, OneOf(options)) if positive:
                is_choice = isinstance(kb.questions[question].kind, Choice)
                found |= {Turn(question, option, is_choice): None for option in options}
            case Count(parts=parts):
                waiting += [(inner, positive is sign) for inner in parts for _, sign in each.gates]
            case _:
                waiting += [(inner, positive) for inner in getattr(each, "parts", ())]
    return list(found)


def _given(turn: Turn, kb: KnowledgeBase) -> Part:
    is_yes_no = isinstance(kb.questions[turn.question].kind, YesNo)
    return Answered(turn.question, Is(True) if is_yes_no else OneOf((turn.option,)))


def _worded(turn: Turn) -> str:
    return quote(f"{turn.question}: {turn.option or 'yes'}")


def _compared(name: str, found: Two | None, problem: Problem, proving: Proving) -> Result:
    if found is None:
        return Result(name, problem.code, "proved")
    before, after = found
    proving.witnesses[problem.code] += 1
    one, other = proving.fired(before), proving.fired(after)
    names = [name_of("triage", level) for level in proving.kb.levels]
    lost = [each for each in names if one.value(each) and not other.value(each)]
    assert lost, "experta gives both cases the same level"
    return Result(name, problem.code, "violated", (), problem, Witness(after, before))


PROOFS = (
    Proof(("level-can-fall",), answers_never_lower),
    Proof(("red-flag-lowers",), red_flags_never_lower),
    Proof(("red-flag-without-level",), red_flags_have_a_level),
)
