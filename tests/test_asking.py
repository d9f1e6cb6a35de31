"""What to ask next, and what is kept open by "I don't know": small bases, answers, and the lists."""

from __future__ import annotations

import pytest

from engine.meaning.asking import Asking
from engine.meaning.valuation import Valuation, prepare

BASE = """
knowledge_base: {name: asking, version: 1}
sources: {S1: {title: the article}}
claims: {S1-1: {source: S1, claim: so it is}}
questions:
  walks: {ask: can you walk, kind: yes_no}
  foot: {ask: does the foot drop, kind: choice, options: {left: left, right: right}, asked_when: {weak: yes}}
  cramp: {ask: does it cramp, kind: yes_no}
  fever: {ask: fever, kind: yes_no}
  weak: {ask: is a leg weak, kind: yes_no}
  signs: {ask: which signs, kind: choices, options: {chills: chills, loss: loss of weight}}
triage:
  wait: {text: wait}
  hurry: {text: hurry}
  run: {text: run}
rules:
  wait: {when: {cramp: yes}, then: {triage: wait}, because: so, ours: yes}
  hurry: {when: {fever: yes}, then: {triage: hurry}, because: so, ours: yes}
  run: {when: {foot: [left, right]}, then: {triage: run}, because: so, ours: yes}
"""
NO_LEVELS = """
knowledge_base: {name: asking, version: 1}
questions:
  last: {ask: what is last, kind: yes_no, asked_when: {any: [{middle: yes}, {finding: early}]}}
  middle: {ask: what is in the middle, kind: yes_no, asked_when: {first: yes}}
  first: {ask: what is first, kind: yes_no}
  other: {ask: what else, kind: yes_no}
  unread: {ask: what nobody needs, kind: yes_no}
  age: {ask: how old, kind: number, unit: years, minimum: 0, maximum: 120}
findings:
  early: found early
  late: found late
scores:
  risk:
    text: the risk
    parts: [{points: 2, when: {other: yes}}, {question: age, bands: [{below: 50, points: 0}, {points: 1}]}]
advice_kinds: {soon: soon}
advice:
  sit: {kind: soon, text: sit}
rules:
  early: {when: {other: yes}, then: {finding: early}, because: so, ours: yes}
"""


def rule(when: str) -> str:
    then = "[{finding: late}, {give: sit}]"
    return f"{NO_LEVELS}  late: {{when: {when}, then: {then}, because: so, ours: yes}}\n"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({}, ["weak", "foot", "fever", "cramp"], id="the highest level first"),
        pytest.param({"weak": True}, ["foot", "fever", "cramp"], id="what applies is asked"),
        pytest.param({"weak": False}, ["fever", "cramp"], id="what does not apply is not asked"),
        pytest.param({"fever": True}, ["weak", "foot", "cramp"], id="above the established level first"),
        pytest.param({"weak": True, "foot": "left"}, ["cramp", "fever"], id="then as in the questionnaire"),
        pytest.param({"weak": "unknown"}, ["foot", "fever", "cramp"], id="i don't know is not asked again"),
        pytest.param({"weak": True, "foot": "unknown"}, ["fever", "cramp"], id="nor is it further down"),
        pytest.param({"weak": False, "fever": False, "cramp": True}, [], id="all decided"),
    ],
)
def test_the_most_urgent_question_comes_first(assess, answers, expected):
    assert assess(BASE, answers)["ask_next"] == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param({"weak": "unknown", "cramp": "unknown"}, ["weak", "cramp"], id="in the order of asking"),
        pytest.param({"weak": True, "foot": "unknown"}, ["foot"], id="what applies"),
        pytest.param({"weak": False, "foot": "unknown"}, [], id="not what does not apply"),
        pytest.param({"walks": "unknown"}, [], id="not what no rule reads"),
        pytest.param({}, [], id="not what was left out"),
    ],
)
def test_i_dont_know_keeps_open(assess, answers, expected):
    assert assess(BASE, answers)["kept_open_by"] == expected


@pytest.mark.parametrize(
    ("when", "answers", "expected"),
    [
        pytest.param(
            "{last: yes}", {"other": False}, ["first", "middle", "last"], id="before what hangs on it"
        ),
        pytest.param("{last: yes}", {"other": True}, ["last"], id="only what still hangs"),
        pytest.param("{last: yes}", {}, ["first", "middle", "other", "last"], id="through findings too"),
        pytest.param("{all: [{first: yes}, {other: yes}]}", {"other": False}, [], id="not in a false all"),
        pytest.param("{any: [{first: yes}, {other: yes}]}", {"other": True}, [], id="not in a true any"),
        pytest.param("{not: {first: yes}}", {"other": True}, ["first"], id="inside a not"),
        pytest.param(
            "{at_least: {count: 2, of: [{first: yes}, {other: yes}, {age: {above: 9}}]}}",
            {"first": False, "other": True},
            ["age"],
            id="inside a count",
        ),
        pytest.param(
            "{score: {risk: {at_least: 2}}}", {"other": False}, [], id="not for a score that is decided"
        ),
        pytest.param(
            "{score: {risk: {at_least: 3}}}", {"other": True}, ["age"], id="for a score that is open"
        ),
        pytest.param(
            "{score: {risk: {at_least: 1}}}",
            {"age": 50},
            ["other"],
            id="early reads other, the score does not",
        ),
        pytest.param("{finding: early}", {}, ["other"], id="through a finding"),
        pytest.param("always", {"other": True}, [], id="nothing to ask"),
    ],
)
def test_only_what_is_live_is_asked(assess, when, answers, expected):
    assert assess(rule(when), answers)["ask_next"] == expected


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        pytest.param({"chills": False}, ["signs"], id="part of it is open"),
        pytest.param({"chills": False, "loss": False}, [], id="each option is known"),
        pytest.param({"loss": True}, [], id="one is enough"),
        pytest.param({}, ["signs"], id="nothing is known"),
        pytest.param(["chills"], [], id="a list is complete"),
    ],
)
def test_what_is_answered_in_part_is_asked_again(assess, signs, expected):
    base = BASE.replace("{when: {fever: yes}", "{when: {signs: [chills, loss]}")
    answers = {"signs": signs, "weak": False, "cramp": False}
    assert assess(base, answers)["ask_next"] == expected


def test_a_question_for_the_level_that_is_established_is_not_urgent_any_more(assess):
    base = BASE + "  signs: {when: {signs: chills}, then: {triage: hurry}, because: so, ours: yes}\n"
    answers = {"weak": False, "fever": True}
    assert assess(base, answers)["ask_next"] == ["cramp", "signs"]
    assert assess(base, {"weak": False})["ask_next"] == ["fever", "signs", "cramp"]


def test_a_question_for_two_levels_is_as_urgent_as_the_higher_one(assess):
    base = BASE + "  both: {when: {cramp: no}, then: {triage: run}, because: so, ours: yes}\n"
    assert assess(base, {"weak": False})["ask_next"] == ["cramp", "fever"]
    assert assess(base, {"weak": True, "foot": "left"})["ask_next"] == ["cramp", "fever"]


def test_a_question_for_the_level_that_is_established_is_not_urgent(assess):
    base = BASE + "  hurry_too: {when: {signs: chills}, then: {triage: hurry}, because: so, ours: yes}\n"
    assert assess(base, {"weak": False})["ask_next"] == ["fever", "signs", "cramp"]
    assert assess(base, {"weak": False, "fever": True})["ask_next"] == ["cramp", "signs"]
    assert assess(base, {"weak": False, "signs": ["chills"]})["ask_next"] == ["cramp", "fever"]


@pytest.mark.parametrize(
    ("level", "ranks"),
    [
        (None, {"weak": 3, "foot": 3, "fever": 2, "cramp": 1}),
        ("wait", {"weak": 3, "foot": 3, "fever": 2, "cramp": 0}),
        ("run", {"weak": 0, "foot": 0, "fever": 0, "cramp": 0}),
    ],
)
def test_a_rank_is_one_more_than_the_place_of_the_level_or_0(level, ranks, read):
    assert Asking(Valuation(prepare(read(BASE)), {})).open_questions(level) == ranks


def test_advice_that_is_given_asks_for_its_holds_alone(assess):
    base = """
knowledge_base: {name: asking, version: 1}
questions:
  a: {ask: a, kind: yes_no}
  b: {ask: b, kind: yes_no}
  c: {ask: c, kind: yes_no}
findings: {done: done}
advice_kinds: {soon: soon}
advice: {sit: {kind: soon, text: sit}}
rules:
  sit: {when: {a: yes}, then: {give: sit}, because: so, ours: yes}
  sit_too: {when: {b: yes}, then: {give: sit}, because: so, ours: yes}
  stand: {when: {c: yes}, then: {hold: sit}, because: so, ours: yes}
  done: {when: {advice: sit}, then: {finding: done}, because: so, ours: yes}
"""
    assert assess(base, {"a": True, "b": False})["ask_next"] == ["c"]
    assert assess(base, {"a": False, "c": False})["ask_next"] == ["b"]
    assert assess(base, {"a": False, "b": False})["ask_next"] == ["c"]
