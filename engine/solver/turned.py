"""Two cases of one person, the second with one answer changed to yes.

In: a world, the answer, and names. Out: the answers of both, where a name is true in the first case and not
in the second, or None if there are no such cases. Raises `Undecided` if time runs out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import z3

from engine.meaning.network import Network
from engine.model.knowledge_base import KnowledgeBase
from engine.model.parts import Answered, Is, OneOf, Part, Ref
from engine.solver.answers import Open, Rails, opened
from engine.solver.coding import Coding
from engine.solver.guided import Wish, guided
from engine.solver.pair import Two
from engine.solver.shown import Shown
from engine.solver.witness import answers_in
from engine.solver.world import ATTEMPTS, Answers, World
from facts.vocabulary import Answer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer that becomes "yes": to a `yes_no` question (`option` is empty), or for one option. If
    `is_choice`, the option takes the place of another one.
    """

    question: str
    option: str = ""
    is_choice: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """What a turn may take back: `names` that are then no longer true. `parts` are worth trying for it, and
    `changing` all nodes that read the answer.
    """

    names: tuple[str, ...]
    parts: tuple[Part, ...]
    changing: frozenset[str]


def with_turned(
    world: World, turn: Turn, goal: Goal, known: Answers | None = None, is_smallest: bool = True
) -> Two | None:
    """The answers of a smallest case of which a name is true, and of the same case with one answer turned of
    which that name is not true. `known` are the answers of such a case, if one was drawn; unless
    `is_smallest`, it will do.

    Only the nodes that read the answer are coded a second time, so that nothing has to be proved of the
    others. Raises `Undecided`.
    """
    if known is not None and not is_smallest:
        return known, _with(turn, known) or {}
    first = world.coding
    one = first.answers[turn.question]
    other = opened(replace(one.question, name=f"turned {turn.question}"))
    second = Coding(
        _again(first.network, turn.question, world.cone(goal.names) & goal.changing),
        first.questions,
        {**first.answers, turn.question: other},
        _without(first.rails, goal.changing),
        _without(first.ends, goal.changing),
    )
    lost = [z3.And(first.rails[each].true, z3.Not(second.rails[each].true)) for each in goal.names]
    formulas = [*other.sound(), *_turned(turn, one, other), z3.Or(lost)]
    with world.apart():
        if known is None and world.check(formulas) is None:
            return None
        model = world.taste.smallest(formulas, known)
    return answers_in(model, first.answers), answers_in(model, second.answers)


def drawn_turned(world: World, goals: Mapping[Turn, Goal]) -> dict[Turn, Answers]:
    """For each turn, if such cases are drawn, the answers of a case with few answers of which a name is true,
    and is not once the answer is turned.
    """
    wanted = [(turn, part) for turn, goal in goals.items() for part in goal.parts]
    befores: list[dict[str, Answer]] = []
    afters: list[dict[str, Answer]] = []
    turns: list[Turn] = []
    for seed in range(ATTEMPTS):
        wishes = [[*_opposite(turn, world.kb), (part, True)] for turn, part in wanted]
        for (turn, _), before in zip(wanted, guided(world.kb, world.named, wishes, seed), strict=True):
            after = _with(turn, before)
            if after is not None:
                befores.append(before)
                afters.append(after)
                turns.append(turn)
    one, other = Shown(world.coding.network, befores), Shown(world.coding.network, afters)
    levels = {name for goal in goals.values() for name in goal.names}
    lost = {name: one.of(Ref(name)).true & ~other.of(Ref(name)).true for name in levels}
    found: dict[Turn, Answers] = {}
    for at, (turn, before) in enumerate(zip(turns, befores, strict=True)):
        if any(lost[name] >> at & 1 for name in goals[turn].names):
            found[turn] = min(found.get(turn, before), before, key=len)
    return found


def _opposite(turn: Turn, kb: KnowledgeBase) -> list[Wish]:
    """That the answer is not yet what it is turned to."""
    test = OneOf((turn.option,)) if turn.option else Is(True)
    return [(Answered(turn.question, test), False)]


def _with(turn: Turn, answers: Answers) -> dict[str, Answer] | None:
    """The answers after a turn, None if it does not apply to them."""
    given = answers.get(turn.question)
    if isinstance(given, Mapping):
        return (
            {**answers, turn.question: {**given, turn.option: True}}
            if given.get(turn.option) is False
            else None
        )
    if isinstance(given, str):
        return {**answers, turn.question: turn.option} if given != turn.option else None
    return {**answers, turn.question: True} if given is False else None


def _again(net: Network, question: str, names: Collection[str]) -> Network:
    """The part of a network with these nodes, which read the question, each after those that it reads."""
    order = [name for name in net.reading(question) if name in names]
    return Network({name: net.nodes[name] for name in order}, tuple((name,) for name in order))


def _without(nodes: Mapping[str, T], names: Iterable[str]) -> dict[str, T]:
    left = dict(nodes)
    for name in names:
        left.pop(name, None)
    return left


def _turned(turn: Turn, one: Open, other: Open) -> Iterator[z3.BoolRef]:
    if one.rails:
        for option in one.rails:
            if option != turn.option:
                yield from _equal_rails(one.rails[option], other.rails[option])
        yield one.rails[turn.option].false
        yield other.rails[turn.option].true
    elif one.options:
        yield z3.And(one.known, z3.Not(one.options[turn.option]))
        yield other.options[turn.option]
    else:
        yield from (one.known, z3.Not(one.value), other.known, other.value)


def _equal_rails(one: Rails, other: Rails) -> Iterator[z3.BoolRef]:
    yield from (mine == theirs for mine, theirs in zip(one, other, strict=True))
