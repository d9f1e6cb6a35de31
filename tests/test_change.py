"""The smallest change of answers: what the solver finds is what trying everything finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import pytest
import z3
from generators import bases_with_cases
from hypothesis import given, settings
from hypothesis import strategies as st
from sweeps import examples

from engine import KnowledgeBase
from engine.experta_target import Engine
from engine.meaning.holds import holds
from engine.meaning.valuation import Prepared, Valuation, prepare
from engine.model.knowledge_base import SUPPORT
from engine.solver import Changes, Limit, Need, Step, smallest_changes
from engine.solver.change import MOST_BOXES
from engine.solver.core import needs
from engine.solver.search import Search
from engine.solver.world import Claim, Undecided, World, true
from facts.case import from_mapping
from facts.vocabulary import Answer, Choice, Choices, Number, Question

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


def allowed(question: Question, before: Answer | None, after: Answer | None, asked: bool | None) -> bool:
    """Whether an answer may take the place of another; None is no answer, `asked` whether its question then
    applies.
    """
    if after in (before, {}):
        return False
    if after is None:
        return question.changeable or asked is False
    if asked is not True:
        return False
    if isinstance(before, Mapping):
        kept = all(option in after for option in before)
        return kept and (question.changeable or all(after[option] == before[option] for option in before))
    return before is None or question.changeable


def changed_soundly(
    case: Valuation, before: Valuation, questions: tuple[str, ...], claims: Sequence[Claim] = ()
) -> bool:
    """Whether the answers of a case may have come from those before, which differ in these questions."""
    kb = case.prepared.kb
    for name, question in kb.questions.items():
        asked, was = case.value(f"asked:{name}"), before.value(f"asked:{name}")
        given = before.answers[name] if before.is_answered(name) else None
        if name in questions and not allowed(question, given, case.answers.get(name), asked):
            return False
        if name not in questions and given is not None and asked is False and was is not False:
            return False
    clashes = [
        f"inconsistency:{name}" for name in kb.consistency if true(f"inconsistency:{name}") not in claims
    ]
    return not any(case.value(each) and not before.value(each) for each in clashes)


def flips(before: Answer | None, after: Answer | None) -> int:
    """The number of options that are not as they were."""
    was, now = (each if isinstance(each, Mapping) else {} for each in (before, after))
    return sum(was.get(option) != now.get(option) for option in {*was, *now})


def taken_back(case: Valuation, question: str, before: Answer | None, after: Answer | None) -> bool:
    """Whether an answer was withdrawn although its question is still asked."""
    return before is not None and after is None and case.value(f"asked:{question}") is not False


Found = dict[tuple[str, ...], set[tuple[object, ...]]]


def changed(answers: Mapping[str, Answer], after: Mapping[str, Answer | None]) -> dict[str, Answer]:
    return {name: each for name, each in {**answers, **after}.items() if each is not None}


def are_true(case: Valuation, claims: Sequence[Claim]) -> bool:
    return all((holds(each.part, case) is each.truth) is each.holds for each in claims)


def can_never_be(case: Valuation, claim: Claim) -> bool:
    """Whether further answers cannot make a claim true, as what is decided stays so."""
    truth = holds(claim.part, case)
    return truth is claim.truth if not claim.holds else truth is not None and truth is not claim.truth


def tried(
    prepared: Prepared, answers: Mapping[str, Answer], claims: Sequence[Claim]
) -> tuple[int | None, Found]:
    """The fewest answers to change, up to `MOST_TRIED`, and all ways to do it, by the questions concerned."""
    kb, before = prepared.kb, Valuation(prepared, answers)
    for size in range(MOST_TRIED + 1):
        found: Found = {}
        for questions in combinations(kb.questions, size):
            costs: dict[tuple[object, ...], tuple[int, int, int]] = {}
            given = [before.answers[one] if before.is_answered(one) else None for one in questions]
            ways = [
                [*every_answer(kb.questions[one]), *([] if was is None else [None])]
                for one, was in zip(questions, given, strict=True)
            ]
            for after in product(*ways):
                case = Valuation(prepared, changed(answers, dict(zip(questions, after, strict=True))))
                if changed_soundly(case, before, questions, claims) and are_true(case, claims):
                    back = sum(taken_back(case, *each) for each in zip(questions, given, after, strict=True))
                    costs[frozen(after)] = back, after.count(None), sum(map(flips, given, after))
            if costs:
                found[questions] = {each for each, cost in costs.items() if cost == min(costs.values())}
        if found:
            return size, found
    return None, {}


def frozen(after: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(frozenset(each.items()) if isinstance(each, Mapping) else each for each in after)


def spelt_out(step: Step, question: Question) -> list[Answer | None]:
    """The answers that a step allows: of a range of numbers all."""
    if step.low is None or step.high is None:
        return [step.after]
    return [each for each in every_answer(question) if step.low <= each <= step.high]


def ends_of(step: Step) -> list[Answer | None]:
    """The answer of a step, and both ends of a range."""
    return [step.after] if step.low is None else [step.after, step.low, step.high]


def assert_replayed(
    prepared: Prepared, answers: Mapping[str, Answer], changes: Changes, claims: Sequence[Claim]
) -> None:
    """After each change that is proposed, the wanted holds on experta as it does by the meaning."""
    engine = Engine(prepared, prepared.definitions)
    for steps in changes.alternatives:
        for after in zip(*(ends_of(step) * (3 // len(ends_of(step))) for step in steps), strict=True):
            named = {step.question: each for step, each in zip(steps, after, strict=True)}
            assert are_true(engine.fire(changed(answers, named)), claims)
            assert are_true(Valuation(prepared, changed(answers, named)), claims)


def assert_said_as_such(before: Valuation, changes: Changes) -> None:
    """Each step says whether an answer is given, changed, taken back, or falls away as nobody is asked."""
    for steps in changes.alternatives:
        case = Valuation(
            before.prepared, changed(before.answers, {each.question: each.after for each in steps})
        )
        for step in steps:
            was, asked = before.is_answered(step.question), case.value(f"asked:{step.question}")
            if step.after is None:
                assert was
                assert step.how == ("falls_away" if asked is False else "withdraw")
            else:
                assert step.how == ("change" if was else "answer")


def check(kb: KnowledgeBase, answers: Mapping[str, Answer], *claims: Claim) -> str:
    prepared = prepare(kb)
    before = Valuation(prepared, answers)
    size, ways = tried(prepared, answers, claims)
    changes = smallest_changes(before, *claims)
    assert changes.decided
    assert_replayed(prepared, answers, changes, claims)
    of_given = [sum(step.before is not None for step in each) for each in changes.alternatives]
    withdrawn = [sum(step.how == "withdraw" for step in each) for each in changes.alternatives]
    preferred = list(zip(withdrawn, of_given, strict=True))
    assert preferred == sorted(preferred)
    assert_said_as_such(before, changes)
    assert changes.is_open or 0 not in of_given
    assert changes.is_open is False or not any(can_never_be(before, each) for each in claims)
    if size is None:
        assert changes.size is None or changes.size > MOST_TRIED
        return "none" if changes.size is None else "many"
    assert changes.size == size
    found: Found = {}
    for alternative in changes.alternatives:
        steps = sorted(alternative, key=lambda step: list(kb.questions).index(step.question))
        options = [spelt_out(step, kb.questions[step.question]) for step in steps]
        found.setdefault(tuple(step.question for step in steps), set()).update(map(frozen, product(*options)))
    if changes.complete:
        assert found == ways
    else:
        assert found.keys() <= ways.keys()
        assert all(each <= ways[questions] for questions, each in found.items())
    return str(size)


CONCLUDED = ("rule:", "finding:", "condition:", "triage:", "advice:")


def some_names(kb: KnowledgeBase, dice: int) -> list[str]:
    names = [name for name in prepare(kb).definitions if name.startswith(CONCLUDED)]
    return [names[(dice + at * 7) % len(names)] for at in range(min(3, len(names)))]


@settings(max_examples=25)
@given(bases_with_cases(cases=1, small=True), st.integers(0, 100))
def test_the_solver_finds_what_trying_everything_finds(read, drawn, dice):
    text, (answers,) = drawn
    kb = read(text)
    for name in some_names(kb, dice):
        check(kb, from_mapping(answers, kb.questions).answers, true(name))


@settings(max_examples=20)
@given(bases_with_cases(cases=1, small=True), st.integers(0, 100))
def test_what_turns_a_level_or_condition_is_what_trying_everything_finds(read, drawn, dice):
    text, (answers,) = drawn
    kb = read(text)
    given = from_mapping(answers, kb.questions).answers
    for claims in turning(kb, Valuation(prepare(kb), given), dice):
        check(kb, given, *claims)


def turning(kb: KnowledgeBase, case: Valuation, dice: int) -> Iterator[tuple[Claim, ...]]:
    """The claims that a level is exactly this one, and that a condition is or is not suspected any more."""
    levels, conditions = list(kb.levels), list(kb.conditions)
    if levels:
        at = dice % len(levels)
        above = [~true(f"triage:{each}") for each in levels[at + 1 : at + 2]]
        yield (true(f"triage:{levels[at]}"), *above)
    if conditions:
        suspected = true(f"condition:{conditions[dice % len(conditions)]}:{SUPPORT[0]}")
        yield (~suspected if are_true(case, [suspected]) else suspected,)


@pytest.mark.sweep
@settings(max_examples=300)
@given(bases_with_cases(cases=1, small=True), st.integers(0, 100))
def test_on_many_drawn_bases(read, drawn, dice):
    text, (answers,) = drawn
    kb = read(text)
    for name in some_names(kb, dice):
        check(kb, from_mapping(answers, kb.questions).answers, true(name))


# Why no change is enough


def can_hold(search: Search, together: Sequence[Need | Limit]) -> bool:
    """Whether needs and limits can hold together, by a solver of its own."""
    solver = z3.Solver()
    needed = [search.world.formula(each.claim) for each in together if isinstance(each, Need)]
    solver.add(
        [*search.sound, *needed, *(search.limits[each] for each in together if isinstance(each, Limit))]
    )
    return solver.check() == z3.sat


@examples(20, 60)
@given(bases_with_cases(cases=1, small=True), st.integers(0, 100))
def test_what_excludes_it_is_a_smallest_set(read, drawn, dice):
    text, (answers,) = drawn
    kb = read(text)
    case = Valuation(prepare(kb), from_mapping(answers, kb.questions).answers)
    for name in some_names(kb, dice):
        for found in smallest_changes(case, true(name)).excluded:
            search = Search(case, [true(name)], World(kb))
            assert found.parts is not None, "small bases have short reasons"
            assert not can_hold(search, found.parts)
            ways = [found.way.claim] if found.way else [true(name)]
            all_needs = [need for way in ways for need in needs(way, search.world.named)]
            whole = [*all_needs, *search.limits]
            for fewer in combinations(whole, min(2, len(found.parts) - 1)):
                assert can_hold(search, fewer)
            for each in found.parts:
                assert can_hold(search, [other for other in found.parts if other != each])


# Changes that can be read


PEOPLE = """
questions:
  aches: {ask: does it ache, kind: yes_no}
  bends: {ask: can you bend, kind: yes_no}
  climbs: {ask: can you climb, kind: yes_no}
  born: {ask: was it there at birth, kind: yes_no, changeable: no}
  age: {ask: how old, kind: number, unit: years, minimum: 0, maximum: 120, changeable: no}
  steps: {ask: how many steps, kind: number, unit: steps, minimum: 0, maximum: 5000}
  weight: {ask: how heavy, kind: number, unit: kg, minimum: 0, maximum: 200, decimals: 1}
  eased: {ask: what eases it, kind: choices, options: {rest: rest, tea: tea, heat: heat}}
  weak: {ask: is a leg weak, kind: yes_no}
  marked: {ask: markedly, kind: yes_no, asked_when: {weak: yes}}
  since: {ask: for long, kind: yes_no, changeable: no, asked_when: {weak: yes}}
  stiff: {ask: is it stiff, kind: yes_no, asked_when: {weak: no}}
  both: {ask: both legs, kind: yes_no, asked_when: {marked: yes}}
findings: {found: found}
scores:
  walked: {parts: [{question: steps, times: 1}]}
  burden: {parts: [{question: age, times: 0.1}, {points: -3, when: {climbs: yes}}]}
  load: {parts: [{question: weight, bands: [{below: 10, points: 0}, {below: 20.5, points: 4}, {points: 1}]}]}
  sum: {parts: [{question: steps, times: 1}, {question: weight, times: 1}]}
consistency:
  first: {when: {aches: yes, bends: no}, because: both cannot be}
  second: {when: {bends: yes, born: yes}, because: both cannot be}
rules: {r: {when: WHEN, then: {finding: found}, because: so, ours: yes}}
"""


@pytest.mark.parametrize(
    ("when", "answers", "steps"),
    [
        ("{aches: yes}", {}, [["aches"]]),
        ("{aches: yes}", {"bends": False}, [["aches", "bends"]]),
        ("{aches: yes}", {"aches": "unknown"}, [["aches"]]),
        ("{age: {at_least: 50}}", {"age": 40}, []),
        ("{age: {at_least: 50}}", {}, [["age 50 120"]]),
        ("{any: [{age: {at_least: 50}}, {climbs: yes}]}", {"age": 40, "climbs": False}, [["climbs"]]),
        ("{eased: {at_least: 2}}", {"eased": ["rest"]}, [["eased"], ["eased"]]),
        ("{eased: none}", {"eased": ["rest"]}, [["eased"]]),
    ],
)
def test_what_has_to_change(read, when, answers, steps):
    assert found(read, when, answers) == steps


@pytest.mark.parametrize(
    ("when", "answers", "steps"),
    [
        pytest.param(
            "{weak: no}", {"weak": True, "marked": False}, [["weak", "-marked"]], id="a follow-up falls away"
        ),
        pytest.param(
            "{weak: no}",
            {"weak": True, "marked": True, "both": False},
            [["weak", "-marked", "-both"]],
            id="and what hangs on that",
        ),
        pytest.param(
            "{weak: no}", {"weak": True, "since": False}, [["weak", "-since"]], id="even what stays"
        ),
        pytest.param("{bends: yes}", {"born": True}, [], id="what stays is not taken back by itself"),
        pytest.param(
            "{aches: yes}",
            {"bends": False, "born": True},
            [["aches", "-bends"]],
            id="the only way out of a clash",
        ),
        pytest.param("{aches: yes}", {"bends": False}, [["aches", "bends"]], id="a better answer is better"),
        pytest.param(
            "{not: {marked: yes}}",
            {"weak": True, "marked": True},
            [["marked"]],
            id="changed rather than taken back",
        ),
    ],
)
def test_an_answer_is_taken_back_where_nothing_else_will_do(read, when, answers, steps):
    assert found(read, when, answers) == steps


@pytest.mark.parametrize(
    ("when", "answers", "steps"),
    [
        pytest.param("{marked: yes}", {}, [["weak", "marked"]], id="asked first"),
        pytest.param("{both: yes}", {}, [["weak", "marked", "both"]], id="and before that"),
        pytest.param("{marked: yes}", {"weak": True}, [["marked"]], id="applies already"),
        pytest.param("{marked: yes}", {"weak": "unknown"}, [["weak", "marked"]], id="nobody knows"),
        pytest.param("{marked: yes}", {"weak": False}, [["weak", "marked"]], id="did not apply"),
        pytest.param("{all: [{marked: yes}, {stiff: yes}]}", {}, [], id="never both"),
        pytest.param("{all: [{marked: yes}, {weak: no}]}", {"weak": True}, [], id="not any more"),
        pytest.param("{not: {marked: yes}}", {}, [["weak"]], id="does not apply"),
        pytest.param("{marked: yes}", {"marked": False}, [["weak", "marked"]], id="answered out of turn"),
        pytest.param("{aches: yes}", {"weak": False, "marked": True}, [["aches"]], id="an old clash stays"),
    ],
)
def test_only_questions_that_then_apply_are_answered(read, when, answers, steps):
    assert found(read, when, answers) == steps


@pytest.mark.parametrize(
    ("when", "answers", "steps"),
    [
        ("{any: [{aches: yes}, {climbs: yes}]}", {"aches": False}, [["climbs"], ["aches"]]),
        (
            "{all: [{any: [{aches: yes}, {climbs: yes}]}, {any: [{weak: yes}, {bends: no}]}]}",
            {"aches": False, "bends": True},
            [["climbs", "weak"], ["aches", "weak"], ["bends", "climbs"]],
        ),
    ],
)
def test_open_questions_come_before_answers_that_were_given(read, when, answers, steps):
    assert found(read, when, answers) == steps


@pytest.mark.parametrize(
    ("when", "answers", "steps"),
    [
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
        ("{score: {burden: {at_least: 9}}}", {"climbs": False}, [["age 90 120"]]),
        ("{score: {burden: {at_least: 9}}}", {}, [["age 120 120"]]),
        (
            "{all: [{score: {burden: {at_least: 6}}}, {weight: {above: 3}}]}",
            {},
            [["age 90 120", "weight 3.1 200.0"]],
        ),
        ("{score: {load: {at_least: 2}}}", {}, [["weight 10.0 20.4"]]),
        ("{score: {load: {at_least: 1}}}", {"weight": 3}, [["weight 10.0 200.0"]]),
        ("{weight: {above: 10.4, below: 10.6}}", {}, [["weight 10.5 10.5"]]),
        (
            "{all: [{steps: {at_least: 9}}, {any: [{weight: {below: 4}}, {weight: {at_least: 4}}]}]}",
            {},
            [["steps 9 5000", "weight 0.0 200.0"]],
        ),
    ],
)
def test_numbers_are_found_in_ranges(read, when, answers, steps):
    assert found(read, when, answers) == steps


def test_two_numbers_that_share_a_sum_are_not_counted_out(read):
    changes = changes_of(read, "{score: {sum: {at_least: 5100, at_most: 5150}}}", {})
    assert (changes.size, changes.complete) == (2, False)
    assert 1 <= len(changes.alternatives) <= MOST_BOXES


def changes_of(read, when: str, answers: dict[str, object]) -> Changes:
    kb = read(PEOPLE.replace("WHEN", when))
    return smallest_changes(
        Valuation(prepare(kb), from_mapping(answers, kb.questions).answers), true("rule:r")
    )


def found(read, when: str, answers: dict[str, object]) -> list[list[str]]:
    changes = changes_of(read, when, answers)
    assert changes.complete
    assert changes.size == (len(changes.alternatives[0]) if changes.alternatives else None)
    return [[said(step) for step in alternative] for alternative in changes.alternatives]


def said(step: Step) -> str:
    """A question, `-` before one that is taken back, and the ends of a range."""
    if step.after is None:
        return f"-{step.question}"
    return step.question if step.low is None else f"{step.question} {step.low} {step.high}"


@pytest.mark.parametrize(
    ("when", "answers", "is_open"),
    [
        pytest.param("{aches: yes}", {}, True, id="open"),
        pytest.param("{all: [{aches: yes}, {climbs: yes}]}", {"climbs": True}, True, id="still open"),
        pytest.param("{all: [{aches: yes}, {climbs: yes}]}", {"climbs": False}, False, id="ruled out"),
        pytest.param("{all: [{marked: yes}, {stiff: yes}]}", {}, False, id="never"),
        pytest.param(
            "{all: [{any: [{aches: yes}, {climbs: yes}]}, {not: {any: [{aches: yes}, {climbs: yes}]}}]}",
            {},
            False,
            id="contradicts itself",
        ),
        pytest.param(
            "{all: [{aches: yes}, {steps: {at_least: 1}}]}", {"bends": False}, False, id="only with a clash"
        ),
        pytest.param("{all: [{aches: yes}, {steps: {at_least: 1}}]}", {"bends": True}, True, id="without"),
    ],
)
def test_whether_open_questions_alone_can_do_it(read, when, answers, is_open):
    assert changes_of(read, when, answers).is_open is is_open


@pytest.mark.parametrize(
    ("ways", "sets", "found", "complete"),
    [(6, 3, 6, True), (5, 3, 6, True), (2, 3, 6, True), (1, 3, 3, False), (2, 2, 4, False), (1, 2, 2, False)],
)
def test_what_is_cut_off_is_said(read, monkeypatch, ways, sets, found, complete):
    monkeypatch.setattr("engine.solver.change.MOST_WAYS", ways)
    monkeypatch.setattr("engine.solver.change.MOST_SETS", sets)
    base = """
questions:
  a: {ask: a, kind: choice, options: {one: one, two: two, three: three}}
  b: {ask: b, kind: choice, options: {one: one, two: two, three: three}}
  c: {ask: c, kind: choice, options: {one: one, two: two, three: three}}
findings: {found: found}
rules:
  r:
    when: {any: [{a: [one, two]}, {b: [one, two]}, {c: [one, two]}]}
    then: {finding: found}
    because: so
    ours: yes
"""
    changes = smallest_changes(Valuation(prepare(read(base)), {}), true("rule:r"))
    assert (len(changes.alternatives), changes.complete) == (found, complete)


def test_an_answer_is_changed_rather_than_withdrawn(read):
    either = [f"{{any: [{{{each}: yes}}, {{{each}: no}}]}}" for each in ("aches", "bends", "born")]
    kb = read(PEOPLE.replace("WHEN", f"{{all: [{', '.join(either)}, {{climbs: yes}}, {{weak: yes}}]}}"))
    answers = {"aches": True, "bends": True, "born": False, "climbs": True, "weak": True}
    case, no_longer = Valuation(prepare(kb), answers), ~true("rule:r")
    names = [name for (name,) in Search(case, [no_longer], World(kb)).sets(1)]
    assert ({*names[:2]}, {*names[2:]}) == ({"climbs", "weak"}, {"aches", "bends"})
    changes = smallest_changes(case, no_longer)
    said_each = [[said(step) for step in each] for each in changes.alternatives]
    assert said_each == [["climbs"], ["weak"], ["-aches"], ["-bends"]]


def test_sets_that_leave_given_answers_alone_are_found_first(read):
    """So that they are there where the number of sets is cut off."""
    parts = [
        "aches: yes",
        "bends: yes",
        "climbs: yes",
        "weak: yes",
        "steps: {below: 9}",
        "weight: {below: 9}",
    ]
    kb = read(PEOPLE.replace("WHEN", f"{{any: [{', '.join(f'{{{each}}}' for each in parts)}]}}"))
    for answers in (
        {"aches": False, "steps": 99, "climbs": False},
        {"climbs": False, "weak": False, "weight": 99},
    ):
        case = Valuation(prepare(kb), from_mapping(answers, kb.questions).answers)
        names = [name for (name,) in Search(case, [true("rule:r")], World(kb)).sets(1)]
        assert {*names[:3]}.isdisjoint(answers)
        assert {*names[3:]} == {*answers}


def test_a_count_of_which_nothing_is_known_is_not_ruled_out(read):
    base = """
questions: {eased: {ask: what eases it, kind: choices, options: {rest: rest, tea: tea}}}
findings: {found: found}
rules: {r: {when: {not: {eased: {above: 2}}}, then: {finding: found}, because: so, ours: yes}}
"""
    kb = read(base)
    changes = smallest_changes(Valuation(prepare(kb), {}), true("rule:r"))
    assert (changes.size, len(changes.alternatives)) == (1, 4)


@pytest.mark.parametrize(
    ("enough_for", "size", "alternatives", "decided"),
    [(0, None, 0, False), (1, 1, 0, False), (3, 1, 0, False), (4, 1, 1, True)],
)
def test_a_search_that_runs_out_of_time_says_what_it_knows(
    read, monkeypatch, enough_for, size, alternatives, decided
):
    answered = []
    check = Search.model

    def slow(self, solver, *assumed):
        answered.append(1)
        if len(answered) > enough_for:
            raise Undecided
        return check(self, solver, *assumed)

    monkeypatch.setattr(Search, "model", slow)
    changes = changes_of(read, "{any: [{aches: yes}, {climbs: yes}]}", {})
    assert (changes.size, len(changes.alternatives)) == (size, alternatives)
    assert (changes.complete, changes.decided) == (False, decided)
    assert changes.is_open is (True if alternatives else None)
