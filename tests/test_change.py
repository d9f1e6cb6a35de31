"""The smallest change of answers: what the solver finds is what trying everything finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product

import pytest
from generators import bases_with_cases
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import KnowledgeBase
from engine.solver import Step, smallest_changes
from engine.valuation import Prepared, Valuation, prepare
from facts.case import from_mapping
from facts.vocabulary import Answer, Choice, Choices, Number, Question, Unknown

MOST_TRIED = 2
"""Changes of more answers than this are not tried one by one."""


# All changes there are


def every_answer(question: Question) -> Iterator[Answer]:
    match question.kind:
        case Choice(options):
            yield from options
        case Choices(options):
            for known in product((None, True, False), repeat=len(options)):
                yield {option: each for option, each in zip(options, known, strict=True) if each is not None}
        case Number(_, low, high, decimals):
            scale = 10**decimals
            steps = range(round(low * scale), round(high * scale) + 1)
            yield from (each / scale if decimals else each for each in steps)
        case _:
            yield from (True, False)


def allowed(question: Question, before: Answer | None, after: Answer) -> bool:
    """Whether an answer may take the place of another: nothing withdrawn, nothing changed that cannot be."""
    if after in (before, {}):
        return False
    if before is None:
        return True
    if isinstance(before, Mapping):
        kept = all(option in after for option in before)
        return kept and (question.changeable or all(after[option] == before[option] for option in before))
    return question.changeable


def clashes(case: Valuation) -> set[str]:
    kb = case.prepared.kb
    idle = {f"asked:{each}" for each in kb.asked_when if case.is_answered(each)}
    return {each for each in idle if case.value(each) is False} | {
        name for name in kb.consistency if case.value(f"inconsistency:{name}")
    }


def flips(before: Answer | None, after: Answer) -> int:
    """How many options are not as they were."""
    was = before if isinstance(before, Mapping) else {}
    return (
        sum(was.get(option) != chosen for option, chosen in after.items())
        if isinstance(after, Mapping)
        else 0
    )


Found = dict[tuple[str, ...], set[tuple[object, ...]]]


def tried(prepared: Prepared, answers: Mapping[str, Answer], name: str) -> tuple[int | None, Found]:
    """The fewest answers to change, up to `MOST_TRIED`, and all ways to do it, by the questions concerned."""
    kb, before = prepared.kb, clashes(Valuation(prepared, answers))
    given = {each: None if isinstance(answer, Unknown) else answer for each, answer in answers.items()}
    for size in range(MOST_TRIED + 1):
        found: Found = {}
        for questions in combinations(kb.questions, size):
            ways = [
                [
                    each
                    for each in every_answer(kb.questions[one])
                    if allowed(kb.questions[one], given.get(one), each)
                ]
                for one in questions
            ]
            will_do = []
            for after in product(*ways):
                case = Valuation(prepared, {**answers, **dict(zip(questions, after, strict=True))})
                if case.value(name) and clashes(case) <= before:
                    will_do.append(after)
            if will_do:
                cost = {each: cost_of(given, questions, each) for each in map(frozen, will_do)}
                fewest = min(cost.values())
                found[questions] = {each for each, flipped in cost.items() if flipped == fewest}
        if found:
            return size, found
    return None, {}


def cost_of(given: Mapping[str, Answer | None], questions: tuple[str, ...], after: tuple[object, ...]) -> int:
    thawed = [dict(each) if isinstance(each, frozenset) else each for each in after]
    return sum(flips(given.get(one), each) for one, each in zip(questions, thawed, strict=True))


def frozen(after: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(frozenset(each.items()) if isinstance(each, Mapping) else each for each in after)


def spelt_out(step: Step, question: Question) -> list[Answer]:
    """The answers that a step stands for: of a range of numbers all."""
    if step.low is None or step.high is None:
        return [step.after]
    return [each for each in every_answer(question) if step.low <= each <= step.high]


def check(kb: KnowledgeBase, answers: Mapping[str, Answer], name: str) -> str:
    prepared = prepare(kb)
    size, ways = tried(prepared, answers, name)
    changes = smallest_changes(Valuation(prepared, answers), name)
    assert changes.decided
    for alternative in changes.alternatives:
        after = {**answers, **{step.question: step.after for step in alternative}}
        assert Valuation(prepared, after).value(name) is True
    if size is None:
        assert changes.size is None or changes.size > MOST_TRIED
        return "none" if changes.size is None else "many"
    assert changes.size == size
    weighed = any(hasattr(line, "decimals") for score in kb.scores.values() for line in score.lines)
    found: Found = {}
    for alternative in changes.alternatives:
        steps = sorted(alternative, key=lambda step: list(kb.questions).index(step.question))
        options = [spelt_out(step, kb.questions[step.question]) for step in steps]
        found.setdefault(tuple(step.question for step in steps), set()).update(map(frozen, product(*options)))
    if changes.complete and not weighed:
        assert found == ways
    else:
        assert found.keys() <= ways.keys()
        assert all(each <= ways[questions] for questions, each in found.items())
    return str(size)


CONCLUDED = ("rule:", "finding:", "condition:", "triage:", "advice:")


def some_names(kb: KnowledgeBase, dice: int) -> list[str]:
    names = [name for name in prepare(kb).definitions if name.startswith(CONCLUDED)]
    return [names[(dice + at * 7) % len(names)] for at in range(min(3, len(names)))]


@settings(max_examples=60)
@given(bases_with_cases(cases=1), st.integers(0, 100))
def test_the_solver_finds_what_trying_everything_finds(read, drawn, dice):
    text, (answers,) = drawn
    kb = read(text)
    for name in some_names(kb, dice):
        check(kb, from_mapping(answers, kb.questions).answers, name)


@pytest.mark.sweep
@settings(max_examples=1500)
@given(bases_with_cases(cases=1), st.integers(0, 100))
def test_on_many_drawn_bases(read, drawn, dice):
    text, (answers,) = drawn
    kb = read(text)
    for name in some_names(kb, dice):
        check(kb, from_mapping(answers, kb.questions).answers, name)


# Changes that can be read


PEOPLE = """
questions:
  aches: {ask: does it ache, kind: yes_no}
  bends: {ask: can you bend, kind: yes_no}
  climbs: {ask: can you climb, kind: yes_no}
  age: {ask: how old, kind: number, unit: years, minimum: 0, maximum: 120, changeable: no}
  steps: {ask: how many steps, kind: number, unit: steps, minimum: 0, maximum: 5000}
  eased: {ask: what eases it, kind: choices, options: {rest: rest, tea: tea, heat: heat}}
findings: {found: found}
scores: {walked: {parts: [{question: steps, times: 1}]}}
consistency:
  first: {when: {aches: yes, bends: no}, because: both cannot be}
  second: {when: {bends: yes, climbs: no}, because: both cannot be}
rules: {r: {when: WHEN, then: {finding: found}, because: so, ours: yes}}
"""


@pytest.mark.parametrize(
    ("when", "answers", "steps"),
    [
        ("{aches: yes}", {}, [["aches"]]),
        ("{aches: yes}", {"bends": False}, [["aches", "bends"]]),
        ("{aches: yes}", {"bends": False, "climbs": False}, [["aches", "bends", "climbs"]]),
        ("{age: {at_least: 50}}", {"age": 40}, []),
        ("{age: {at_least: 50}}", {}, [["age 50 120"]]),
        ("{any: [{age: {at_least: 50}}, {climbs: yes}]}", {"age": 40, "climbs": False}, [["climbs"]]),
        ("{score: {walked: {at_least: 10, at_most: 20}}}", {"steps": 400}, [["steps 10 20"]]),
        (
            "{any: [{score: {walked: {above: 4000}}}, {climbs: yes}]}",
            {"steps": 7},
            [["climbs"], ["steps 4001 5000"]],
        ),
        (
            "{any: [{steps: {below: 5}}, {steps: {above: 9}}]}",
            {"steps": 7},
            [["steps 0 4"], ["steps 10 5000"]],
        ),
        ("{eased: {at_least: 2}}", {"eased": ["rest"]}, [["eased"], ["eased"]]),
        ("{eased: none}", {"eased": ["rest"]}, [["eased"]]),
    ],
)
def test_what_has_to_change(read, when, answers, steps):
    kb = read(PEOPLE.replace("WHEN", when))
    case = Valuation(prepare(kb), from_mapping(answers, kb.questions).answers)
    changes = smallest_changes(case, "rule:r")
    assert [[said(step) for step in alternative] for alternative in changes.alternatives] == steps
    assert changes.complete
    assert changes.size == (len(steps[0]) if steps else None)


def said(step: Step) -> str:
    return step.question if step.low is None else f"{step.question} {step.low} {step.high}"
