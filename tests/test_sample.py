"""Generated cases: of any knowledge base, well formed, varied, and the same for the same seed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples

from engine.sampling.sample import Shares, _drawing, _steps, extend, sample
from facts.case import Case, from_mapping
from facts.cases.text import text_of
from facts.files.cases import read_cases
from facts.tables.canonical import canonical, frame_of
from facts.tables.frame import cases_of, columns_of
from facts.vocabulary import UNKNOWN

BASE = """
knowledge_base: {name: to sample, version: 1}
questions:
  fast: {ask: fast, kind: yes_no, asked_when: {finding: weak}}
  weak: {ask: weak, kind: yes_no}
  onset: {ask: onset, kind: choice, options: {rapid: rapid, gradual: gradual}}
  signs: {ask: signs, kind: choices, options: {fever: fever, chills: chills}}
  hours: {ask: hours, kind: number, unit: hours, minimum: -1000, maximum: 100000}
  degrees: {ask: degrees, kind: number, unit: degrees, minimum: 30, maximum: 45, decimals: 1}
  silent: {ask: silent, kind: yes_no}
findings: {weak: weak, late: late, hot: hot}
scores: {age: {text: age, parts: [{question: hours, bands: [{below: 700, points: 0}, {points: 1}]}]}}
rules:
  weak: {when: {weak: yes}, then: {finding: weak}, because: so, ours: yes}
  late: {when: {hours: {at_least: 48}}, then: {finding: late}, because: so, ours: yes}
  hot: {when: {degrees: {above: 38.5}}, then: {finding: hot}, because: so, ours: yes}
safety:
  it: {never: {hours: {above: 9000}}, because: so, ours: yes}
"""
COUNT = 5_000


@pytest.fixture(scope="module")
def base(read):
    return read(BASE)


@pytest.fixture(scope="module")
def frame(base):
    return sample(base, COUNT)


@examples(25, 80)
@given(bases_with_cases(cases=1))
def test_cases_of_a_drawn_base(read, drawn):
    kb = read(drawn[0])
    frame = sample(kb, 20, seed=7)
    assert canonical(frame, kb.questions).equals(frame)
    extended = extend(kb, frame, seed=7)
    assert canonical(extended, kb.questions).equals(extended)
    for before, after in zip(*(cases_of(each, kb.questions) for each in (frame, extended)), strict=True):
        assert_only_more(kb, before, after)


def known(answers) -> dict[str, object]:
    """What is known, option by option."""
    found = {
        name: each for name, each in answers.items() if each is not UNKNOWN and not isinstance(each, dict)
    }
    options = [(name, each) for name, each in answers.items() if isinstance(each, dict)]
    return found | {f"{name}.{option}": chosen for name, each in options for option, chosen in each.items()}


def assert_only_more(kb, before: Case, after: Case) -> None:
    """Every answer is still there, and one is new if any was open."""
    old, new = known(before.answers), known(after.answers)
    assert old.items() <= new.items()
    assert before.id == after.id
    every = sum(len(columns_of(question)) for question in kb.questions.values())
    assert len(new) > len(old) or len(old) == every


def test_the_same_seed_gives_the_same_cases(base, frame):
    assert sample(base, COUNT).equals(frame)
    assert extend(base, frame).equals(extend(base, frame))
    assert not sample(base, COUNT, seed=1).equals(frame)
    assert not extend(base, frame, seed=1).equals(extend(base, frame))


def test_fewer_cases_are_the_first_of_more(base, frame):
    assert sample(base, 10).equals(frame.head(10))
    assert sample(base, 0).equals(frame.head(0))


def test_a_question_more_changes_no_other_answer(read, base, frame):
    more = sample(read(BASE.replace("questions:", "questions:\n  new: {ask: new, kind: yes_no}")), COUNT)
    assert more.select(frame.columns).equals(frame)


FIRST = """
- id: "sample-1"
  answers:
    signs: [fever, chills]
    degrees: unknown
- id: "sample-2"
  answers:
    fast: yes
    hours: unknown
- id: "sample-3"
  answers:
    fast: yes
    weak: yes
    onset: gradual
    signs: {chills: yes}
    hours: 63571
    degrees: 30.0
    silent: no
"""
"""Written down once: no version of Python or Polars may give others."""


def test_cases_are_the_same_everywhere(base):
    cases = cases_of(sample(base, 3, seed=42), base.questions)
    assert "".join(text_of(case, base.questions) for case in cases) == FIRST.removeprefix("\n")


def test_everything_is_met(base, frame):
    for name in ("weak", "onset", "signs.fever", "signs.chills", "hours", "degrees", "silent"):
        assert 0.1 < frame[name].null_count() / COUNT < 0.5
    assert set(frame["onset"].drop_nulls()) == {"rapid", "gradual"}
    assert {False, True} == set(frame["weak"].drop_nulls())
    assert frame["weak?"].any()
    assert not (frame["weak?"] & frame["weak"].is_not_null()).any()
    assert (frame["signs.fever"].is_null() & frame["signs.chills"].is_not_null()).any()


def test_a_question_that_does_not_apply_is_seldom_answered(frame):
    answered = {
        each: frame.filter(frame["weak"].eq_missing(each))["fast"].is_not_null().mean()
        for each in (True, False, None)
    }
    assert 0 < answered[False] < 0.1 < 0.3 < answered[True]
    assert answered[None] > 0.3


@pytest.mark.parametrize("edge", [-1000, 47, 48, 49, 699, 700, 701, 8999, 9000, 9001, 100000])
def test_numbers_lie_around_thresholds(frame, edge):
    assert frame["hours"].eq(edge).sum() > COUNT / 100


def test_numbers_lie_everywhere(frame):
    hours = frame["hours"].drop_nulls()
    assert hours.is_between(-1000, 100000).all()
    assert hours.n_unique() > 1000
    assert {38.4, 38.5, 38.6, 30.0, 45.0} <= set(frame["degrees"])


def test_shares(base):
    full = sample(base, 500, shares=Shares(unanswered=0, partly=0, stray=0, edge=0, yes=1))
    assert full["weak"].all()
    assert full.null_count().transpose().to_series().sum() == 0
    empty = sample(base, 500, shares=Shares(unanswered=1, unknown=0))
    assert list(cases_of(empty, base.questions)) == [Case(f"sample-{at}", {}) for at in range(1, 501)]
    unsure = sample(base, 500, shares=Shares(unanswered=1, unknown=1, stray=1))
    assert all(
        case.answers == dict.fromkeys(base.questions, UNKNOWN) for case in cases_of(unsure, base.questions)
    )


def test_i_dont_know_may_become_an_answer(base):
    unsure = from_mapping(dict.fromkeys(base.questions, "unknown"), base.questions)
    extended = list(cases_of(extend(base, frame_of([unsure] * 200, base.questions)), base.questions))
    new = [len(known(case.answers)) for case in extended]
    assert min(new) == 1
    assert max(new) == len(base.questions) + 1


def test_cases_are_read_as_they_are_written(base, frame, tmp_path):
    cases = list(cases_of(frame.head(500), base.questions))
    path = tmp_path / "cases.yaml"
    path.write_text("\n".join(text_of(case, base.questions) for case in cases))
    assert list(read_cases([path], base.questions)) == cases
    assert frame_of(cases, base.questions).equals(frame.head(500))


def test_texts_of_people_are_quoted(base, tmp_path):
    answers = {"hours": 5, "signs": {"fever": False, "chills": False}}
    case = Case('no: "1" \\ \U0001f600', answers, "he said: #no, 'é\x85")
    path = tmp_path / "case.yaml"
    path.write_text(text_of(case, base.questions), encoding="utf-8")
    (read,) = read_cases([path], base.questions)
    assert (read.id, read.about, read.answers) == (case.id, case.about, answers)
    assert text_of(Case("empty", {}), base.questions) == '- id: "empty"\n  answers: {}\n'


def test_more_answers_where_nothing_is_asked(read):
    base = read(
        "rules: {anyone: {when: always, then: {finding: here}, because: so, ours: yes}}\n"
        "findings: {here: here}\n"
    )
    frame = sample(base, 3)
    assert extend(base, frame).equals(frame)


def test_a_chain_of_questions_is_drawn_in_time_that_grows_with_its_length(read):
    """Each question asked only after the one before: drawn layer by layer, each once."""
    names = [f"q{at}" for at in range(120)]
    asked = "".join(
        f"  {name}: {{ask: {name}, kind: yes_no, asked_when: {{{before}: yes}}}}\n"
        for before, name in pairwise(names)
    )
    base = read(
        f"questions:\n  q0: {{ask: q0, kind: yes_no}}\n{asked}findings: {{end: end}}\n"
        "rules: {end: {when: {q119: yes}, then: {finding: end}, because: so, ours: yes}}\n"
    )
    assert sample(base, 50, shares=Shares(unanswered=0, yes=1)).height == 50
    made = [len([step for step in layer if step]) for layer in _steps(base, _drawing(base, 0, Shares()))]
    assert max(made) <= 4
