"""What to ask, proved: a question that is left out changes nothing whatever the others, and the few that can
settle the level are the fewest. Held against all further answers of small bases, tried one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

import pytest
from generators import bases_with_cases
from hypothesis import assume, given, settings
from test_change import every_answer

from engine.explanation.ask import Ask, what_to_ask
from engine.meaning.assembly import assemble
from engine.meaning.holds import holds
from engine.meaning.valuation import Valuation, prepare
from engine.model.scores import Points
from engine.solver.asking import settling, that_matter
from facts.case import from_mapping
from facts.vocabulary import Answer

MOST_TRIED = 2_000
"""Bases with more further answers than this are left out."""


def extends(after: Answer | None, given: Answer | None) -> bool:
    """Whether an answer keeps what was given."""
    if isinstance(given, Mapping) and isinstance(after, Mapping):
        return all(after.get(option) is said for option, said in given.items())
    return given is None or after == given


def is_honest(case: Valuation, before: Valuation) -> bool:
    """Whether each new answer is to a question that is asked, and none of them clash."""
    new = (name for name in case.answers if case.answers[name] != before.answers.get(name))
    if not all(case.value(f"asked:{name}") is True for name in new):
        return False
    clashes = [f"inconsistency:{name}" for name in case.prepared.kb.consistency]
    return not any(case.value(each) and not before.value(each) for each in clashes)


def every_further(before: Valuation) -> Iterator[Valuation]:
    """The case with every further answer that there is, the case itself among them."""
    questions = before.prepared.kb.questions
    ways = []
    for name, question in questions.items():
        given = before.answers[name] if before.is_answered(name) else None
        allowed = [each for each in every_answer(question) if each != {} and extends(each, given)]
        ways.append(
            [*([None] if given is None else []), *([given] if isinstance(given, Mapping) else []), *allowed]
        )
    for answers in islice(product(*ways), MOST_TRIED * 20):
        said = {name: each for name, each in zip(questions, answers, strict=True) if each is not None}
        case = Valuation(before.prepared, said)
        if is_honest(case, before):
            yield case


def without(case: Valuation, question: str, before: Valuation) -> Valuation:
    """The case without a further answer, and without those to questions that are then not asked."""
    answers = dict(case.answers)
    waiting = [question]
    while waiting:
        for each in waiting:
            del answers[each]
            if before.is_answered(each):
                answers[each] = before.answers[each]
        left = Valuation(case.prepared, answers)
        new = [each for each in answers if answers[each] != before.answers.get(each)]
        waiting = [each for each in new if left.value(f"asked:{each}") is not True]
    return left


def established(case: Valuation) -> object:
    """What the assessment of a case says for certain."""
    found, kb = assemble(case, "a"), case.prepared.kb
    points = {}
    for name, score in kb.scores.items():
        true = [line.ticks for line in score.lines if isinstance(line, Points) and holds(line.when, case)]
        own = [line.question for line in score.lines if not isinstance(line, Points)]
        points[name] = sum(true), [case.answers.get(each) for each in own]
    return (
        found.triage
        and (found.triage.level, {name: each.level for name, each in found.triage.by_source.items()}),
        {each.name: (each.support, each.against) for each in found.conditions if each.support},
        (found.findings, found.texts, found.disagreements, found.in_scope is True),
        {name for name in kb.advice if case.value(f"advice:{name}")},
        {name for name in kb.advice if case.value(f"give:{name}")},
        {name for name in kb.advice if case.value(f"give:{name}") and case.value(f"hold:{name}")},
        points,
    )


@settings(max_examples=30)
@given(bases_with_cases(cases=1, small=True))
def test_a_question_that_is_left_out_changes_nothing_and_no_other_is(read, drawn):
    text, (answers,) = drawn
    prepared = prepare(read(text))
    before = Valuation(prepared, from_mapping(answers, prepared.kb.questions).answers)
    further = list(islice(every_further(before), MOST_TRIED))
    assume(len(further) < MOST_TRIED)
    asked = assemble(before, "a").ask_next
    for question in asked:
        answered = [each for each in further if each.answers.get(question) != before.answers.get(question)]
        changes = any(established(each) != established(without(each, question, before)) for each in answered)
        assert changes is (question in that_matter(before, [question]))


def new_in(case: Valuation, before: Valuation) -> frozenset[str]:
    """The questions with a further answer."""
    return frozenset(name for name in case.answers if case.answers[name] != before.answers.get(name))


def is_settled(case: Valuation) -> bool:
    return assemble(case, "a").triage.settled


@settings(max_examples=30)
@given(bases_with_cases(cases=1, small=True))
def test_the_fewest_questions_settle_the_level(read, drawn):
    text, (answers,) = drawn
    prepared = prepare(read(text))
    before = Valuation(prepared, from_mapping(answers, prepared.kb.questions).answers)
    further = list(islice(every_further(before), MOST_TRIED))
    assume(len(further) < MOST_TRIED)
    found = assemble(before, "a")
    few = settling(before, found.ask_next)
    if found.triage is None or found.triage.settled:
        assert few is None
        return
    unknown = {name for name in before.answers if not before.is_answered(name)}
    settled = [new_in(each, before) for each in further if is_settled(each)]
    settled = [each for each in settled if each.isdisjoint(unknown)]
    smallest = min(map(len, settled), default=None)
    assert (few and len(few.questions)) == smallest
    if few:
        levels = [each for each in [None, *prepared.kb.levels] if each in few.levels]
        assert list(few.levels) == levels
        same = [each for each in further if new_in(each, before) == frozenset(few.questions)]
        found_at = {assemble(each, "a").triage.level for each in same if is_settled(each)}
        assert found_at == {*few.levels}


IDLE = """
knowledge_base: {name: asking, version: 1}
questions:
  fever: {ask: Do you have a fever?, kind: yes_no}
  cough: {ask: Do you cough?, kind: yes_no}
  wet: {ask: Is it wet?, kind: yes_no, asked_when: {cough: yes}}
  worse: {ask: Does it get worse?, kind: yes_no}
  tired: {ask: Are you tired?, kind: yes_no}
findings: {ill: ill, odd: odd}
triage: {wait: {text: wait}, today: {text: today}, now: {text: now}}
rules:
  ill: {when: {fever: yes}, then: [{finding: ill}, {triage: today}], because: so, ours: yes}
  ill-too: {when: {finding: ill, tired: yes}, then: {triage: today}, because: so, ours: yes}
  wet: {when: {wet: yes, worse: yes}, then: {triage: now}, because: so, ours: yes}
  odd:
    when: {not: {any: [{cough: yes}, {cough: no}]}, tired: yes}
    then: {finding: odd}
    because: so
    ours: yes
  wait: {when: always, then: {triage: wait}, because: so, ours: yes}
"""


@pytest.mark.parametrize(
    ("answers", "matter", "few", "levels"),
    [
        ({}, ["cough", "wet", "worse", "fever"], ["cough", "fever"], ("wait", "today")),
        ({"fever": True}, ["cough", "wet", "worse"], ["cough"], ("today",)),
        ({"fever": True, "cough": True}, ["wet", "worse"], ["wet"], ("today",)),
        ({"fever": False, "cough": False}, [], None, None),
        ({"cough": True, "wet": True}, ["worse", "fever"], ["worse"], ("now",)),
    ],
)
def test_what_can_change_nothing_is_not_asked(read, answers, matter, few, levels):
    prepared = prepare(read(IDLE))
    case = Valuation(prepared, from_mapping(answers, prepared.kb.questions).answers)
    asked = what_to_ask(assemble(case, "a"), case)
    assert set(asked.questions) == set(matter)
    assert {*asked.questions, *asked.idle} == set(assemble(case, "a").ask_next)
    assert (asked.settling and list(asked.settling.questions)) == few
    assert (asked.settling and asked.settling.levels) == levels
    assert list(asked.questions)[: len(few or [])] == (few or [])


def test_without_the_solver_everything_open_is_asked(read, monkeypatch):
    monkeypatch.setattr("engine.explanation.ask.find_spec", lambda name: None)
    case = Valuation(prepare(read(IDLE)), {})
    assert what_to_ask(assemble(case, "a"), case) == Ask(assemble(case, "a").ask_next, proved=False)


def test_the_page_asks_what_is_proved_to_matter_and_the_assessment_stays(run, write, monkeypatch):
    base, case = write("base.yaml", IDLE), write("case.yaml", "id: a\nanswers: {fever: yes}\n")
    plain = run("assess", case, "--kb", base, "--all").stdout
    proved = run("assess", case, "--kb", base, "--all", "--prove").stdout
    assert "Are you tired?" in plain
    assert "Are you tired?" not in proved
    assert "Do you cough?" in proved
    as_json = [run("assess", case, "--kb", base, "--json", *more).stdout for more in ([], ["--prove"])]
    assert as_json[0] == as_json[1]
    two = write("two.jsonl", '{"answers": {}}\n{"answers": {}}\n')
    refused = run("assess", two, "--kb", base, "--prove")
    assert (refused.exit_code, "`--prove` needs exactly one readable case" in refused.output) == (2, True)
    monkeypatch.setattr("engine.commands.assess.find_spec", lambda name: None)
    missing = run("assess", case, "--kb", base, "--prove")
    assert (missing.exit_code, "no-solver" in missing.output) == (2, True)
