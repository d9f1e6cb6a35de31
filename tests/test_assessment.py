"""What an assessment gathers: urgency, sources, suspected causes, advice and clashes, from a few answers.

What is expected is written as cases write it (`engine.casetest.expectation`); where an order matters it is
compared as it stands.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from generators import bases_with_cases
from hypothesis import given
from jsonschema import Draft202012Validator
from sweeps import examples

import engine
from engine import assess as assess_one
from engine.casetest.expectation import differences
from facts.case import from_mapping

SCHEMA = json.loads(
    (Path(engine.__file__).parent / "schemas" / "assessment.schema.json").read_text(encoding="utf-8")
)
ROOT = Path(__file__).parent.parent

BASE = """
knowledge_base: {name: assessment, version: 1}
sources: {S1: {title: the first article}, S2: {title: the second article}, S3: {title: the silent one}}
claims:
  S1-1: {source: S1, claim: run with a fever}
  S1-2: {source: S1, claim: wait with a cramp}
  S2-1: {source: S2, claim: hurry with a fever}
  S2-2: {source: S2, claim: the cold helps}
scope: {text: those who walk, when: {walks: yes}}
questions:
  walks: {ask: do you walk, kind: yes_no}
  weak: {ask: is a leg weak, kind: yes_no}
  fever: {ask: fever, kind: yes_no}
  cramp: {ask: cramp, kind: yes_no}
  onset: {ask: how fast, kind: choice, options: {rapid: fast, gradual: slowly}, asked_when: {weak: yes}}
  hours: {ask: since when, kind: number, unit: hours, minimum: 0, maximum: 100}
findings: {ill: ill, lame: lame}
conditions:
  strain: {text: a strain}
  sprain: {text: a sprain}
  tumour: {text: a tumour, serious: true}
triage:
  wait: {text: wait}
  hurry: {text: hurry}
  run: {text: run}
advice_kinds: {at_once: at once, at_home: at home}
advice:
  sit: {kind: at_once, text: sit}
  cold: {kind: at_home, text: cool it}
  heat: {kind: at_home, text: warm it}
  bottle: {kind: at_home, text: with a bottle, shown_with: {advice: heat}}
  rest: {kind: at_home, text: rest, shown_with: {finding: lame}}
texts:
  cold_how: {text: not for long, shown_with: {advice: cold}, claims: [S2-2]}
scores:
  risk: {text: the risk, parts: [{points: 1.5, when: {fever: yes}}, {points: -0.25, when: {cramp: yes}}]}
rules:
  run-with-fever: {when: {fever: yes}, then: {triage: run}, because: it burns, claims: [S1-1]}
  hurry-with-fever: {when: {fever: yes}, then: {triage: hurry}, because: it is warm, claims: [S2-1]}
  wait-with-cramp: {when: {cramp: yes}, then: {triage: wait}, because: it passes, claims: [S1-2]}
  run-rapidly: {when: {onset: rapid}, then: {triage: run}, because: it is fast, ours: yes}
  ill: {when: {fever: yes}, then: {finding: ill}, because: so, ours: yes}
  lame: {when: {weak: yes}, then: {finding: lame}, because: so, ours: yes}
  strain-possible: {when: {cramp: yes}, then: {condition: strain, support: possible}, because: so, ours: yes}
  strain-typical:
    when: {cramp: yes, hours: {below: 5}}
    then: {condition: strain, support: typical}
    because: so
    ours: yes
  sprain-hallmark:
    {when: {onset: rapid}, then: {condition: sprain, support: hallmark}, because: so, ours: yes}
  sprain-possible: {when: {weak: yes}, then: {condition: sprain, support: possible}, because: so, ours: yes}
  not-a-strain:
    {when: {fever: yes}, then: {condition: strain, counts_against: yes}, because: so, ours: yes}
  tumour:
    {when: {fever: yes, weak: yes}, then: {condition: tumour, support: background}, because: so, ours: yes}
  sit: {when: always, then: {give: sit}, because: so, ours: yes}
  treat: {when: {cramp: yes}, then: {give: [cold, heat]}, because: so, ours: yes}
  not-with-fever: {when: {finding: ill}, then: {hold_kind: at_home}, because: see somebody first, ours: yes}
  heat-too-early: {when: {hours: {below: 48}}, then: {hold: heat}, because: cold comes first, ours: yes}
consistency:
  lame-walker: {when: {walks: yes, finding: lame}, because: one cannot be both}
disagreements:
  fever:
    about: fever
    when: {fever: yes}
    sides: [{says: run, claims: [S1-1]}, {says: hurry, claims: [S2-1]}]
    done: run
"""
WELL = {"walks": True, "weak": False, "fever": False, "cramp": False, "hours": 60}

TABLE = {
    # Urgency
    "nothing is known: no level, and the highest is not ruled out": (
        {},
        {"triage": {"level": None, "ceiling": "run", "settled": False}},
    ),
    "a level established below the ceiling is not settled": (
        {"cramp": True},
        {"triage": {"level": "wait", "ceiling": "run", "settled": False, "rules": ["wait-with-cramp"]}},
    ),
    "the highest level is settled, whatever is open": (
        {"fever": True},
        {"triage": {"level": "run", "ceiling": "run", "settled": True}},
    ),
    "all ruled out: both are null, and that is settled": (
        WELL,
        {"triage": {"level": None, "ceiling": None, "settled": True}},
    ),
    "an unanswered red flag keeps the ceiling up": (
        WELL | {"weak": None, "cramp": True},
        {"triage": {"level": "wait", "ceiling": "run", "settled": False}},
    ),
    "a question that does not apply does not": (
        WELL | {"cramp": True},
        {"triage": {"level": "wait", "ceiling": "wait", "settled": True}},
    ),
    # Sources
    "each article by itself": (
        {"fever": True, "cramp": True},
        {
            "triage": {
                "by_source": {
                    "S1": {"level": "run", "ceiling": "run"},
                    "S2": {"level": "hurry", "ceiling": "hurry"},
                    "S3": {"level": None, "ceiling": None},
                }
            }
        },
    ),
    "an article without a level yet": (
        {"cramp": True},
        {
            "triage": {
                "by_source": {
                    "S1": {"level": "wait", "ceiling": "run"},
                    "S2": {"level": None, "ceiling": "hurry"},
                }
            }
        },
    ),
    # Conditions
    "a condition has its highest support and could reach more": (
        {"cramp": True},
        {"conditions": [{"name": "strain", "support": "possible", "could_reach": "typical"}]},
    ),
    "what counts against a condition is listed and lowers nothing": (
        {"cramp": True, "hours": 1, "fever": True},
        {
            "conditions": [
                {
                    "name": "strain",
                    "support": "typical",
                    "could_reach": "typical",
                    "against": ["not-a-strain"],
                    "rules": ["strain-typical", "strain-possible"],
                }
            ]
        },
    ),
    "a condition without support yet is there with what it could reach": (
        {"weak": None},
        {"conditions": [{"name": "sprain", "support": None, "could_reach": "hallmark", "serious": False}]},
    ),
    # Advice
    "an item is given when no hold can come": (
        WELL | {"cramp": True},
        {
            "advice": {
                "given": [
                    {"item": "sit", "rules": ["sit"]},
                    {"item": "cold", "rules": ["treat"]},
                    {"item": "heat", "rules": ["treat"]},
                    {"item": "bottle", "rules": ["treat"]},
                ]
            },
            "texts": ["cold_how"],
        },
    ),
    "an item is given unless an open hold comes": (
        {"cramp": True, "fever": False},
        {
            "advice": {
                "given": ["cold"],
                "given_unless": [
                    {"item": "heat", "rules": ["treat"], "unless": ["heat-too-early"]},
                    {"item": "bottle", "rules": ["treat"], "unless": ["heat-too-early"]},
                ],
            }
        },
    ),
    "a hold holds its items and what is shown with them": (
        {"cramp": True, "fever": False, "hours": 1},
        {"advice": {"given": ["cold"], "held": [{"rule": "heat-too-early", "items": ["heat", "bottle"]}]}},
    ),
    "held items are grouped by hold, and an item may stand in two groups": (
        {"cramp": True, "fever": True, "hours": 1, "weak": False},
        {
            "advice": {
                "held": [
                    {"rule": "not-with-fever", "items": ["cold", "heat", "bottle"]},
                    {"rule": "heat-too-early", "items": ["heat", "bottle"]},
                ]
            }
        },
    ),
    "an item is held though nothing gives it yet": (
        {"fever": True},
        {"advice": {"held": [{"rule": "not-with-fever", "items": ["cold", "heat", "bottle", "rest"]}]}},
    ),
    "an item is pending while nothing gives it": (
        {"fever": False},
        {
            "advice": {
                "pending": [
                    {"item": "cold", "waits_for": ["give"]},
                    {"item": "heat", "waits_for": ["give", "hold"]},
                    {"item": "bottle", "waits_for": ["give", "hold"]},
                    {"item": "rest", "waits_for": ["give"]},
                ]
            }
        },
    ),
    "an item is shown with a finding": (
        {"weak": True, "fever": False},
        {"advice": {"given": ["rest"]}},
    ),
    # The rest
    "in scope": ({"walks": True}, {"in_scope": True}),
    "out of scope, and the warning signs still count": (
        {"walks": False, "fever": True},
        {"in_scope": False, "triage": {"level": "run"}},
    ),
    "scope unknown": ({}, {"in_scope": None}),
    "a score is an interval while answers are open": ({}, {"scores": {"risk": {"low": -0.25, "high": 1.5}}}),
    "a score is a value once they are known": ({"fever": True, "cramp": True}, {"scores": {"risk": 1.25}}),
    "answered though it does not apply": (
        {"weak": False, "onset": "rapid"},
        {
            "inconsistencies": [{"name": "asked_when:onset", "questions": ["weak", "onset"]}],
            "triage": {"level": "run"},
        },
    ),
    "answers that cannot both be right": (
        {"walks": True, "weak": True},
        {"inconsistencies": [{"name": "lame-walker", "questions": ["walks", "weak"]}]},
    ),
    "where articles disagree": ({"fever": True}, {"disagreements": ["fever"]}),
    "a reason for each rule that fired": (
        {"cramp": True},
        {"reasons": [{"rule": "wait-with-cramp", "because": "it passes", "claims": ["S1-2"]}]},
    ),
    "what is open": ({"fever": True}, {"open": ["wait-with-cramp", "tumour"], "findings": ["ill"]}),
}

ABSENT = {
    "nothing suspected is left when all is ruled out": (WELL, {"conditions": ["strain", "sprain", "tumour"]}),
    "given unless is not given": ({"cramp": True}, {"advice": {"given": ["cold", "heat"]}}),
    "a text is not shown before its item is given": ({"cramp": True}, {"texts": ["cold_how"]}),
    "what nothing gives is absent though a hold fired": (
        WELL | {"fever": True},
        {"advice": {"held": ["cold"]}},
    ),
    "no clash without an answer": ({"walks": True}, {"inconsistencies": ["lame-walker"]}),
    "i don't know where it does not apply is no clash": (
        {"weak": False, "onset": "unknown"},
        {"inconsistencies": ["asked_when:onset"]},
    ),
    "no disagreement before its time": ({}, {"disagreements": ["fever"]}),
}


@pytest.mark.parametrize(("answers", "expect"), TABLE.values(), ids=TABLE)
def test_an_assessment_has(assess, answers, expect):
    assert differences(assess(BASE, answers), expect, {}) == []


@pytest.mark.parametrize(("answers", "expect_not"), ABSENT.values(), ids=ABSENT)
def test_an_assessment_has_not(assess, answers, expect_not):
    assert differences(assess(BASE, answers), {}, expect_not) == []


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(
            {"fever": True, "weak": True, "cramp": True, "hours": 1},
            "tumour strain sprain",
            id="serious first",
        ),
        pytest.param(
            {"weak": True, "onset": "rapid", "cramp": True, "fever": False},
            "sprain strain",
            id="then support",
        ),
        pytest.param(
            {"weak": True, "cramp": True, "hours": 9, "fever": False}, "strain sprain", id="then the order"
        ),
        pytest.param(
            {"weak": True, "cramp": True, "hours": 9, "fever": True},
            "tumour sprain strain",
            id="fewer against",
        ),
        pytest.param(
            {"cramp": True, "weak": None}, "tumour strain sprain", id="what must be ruled out before all"
        ),
    ],
)
def test_conditions_are_ranked(assess, answers, expected):
    assert [each["name"] for each in assess(BASE, answers)["conditions"]] == expected.split()


@pytest.mark.parametrize("target", ["oracle", "experta"], indirect=True)
@pytest.mark.parametrize(
    ("answers", "item", "questions"),
    [
        pytest.param({"fever": False}, "cold", ["cramp"], id="what gives it"),
        pytest.param({}, "heat", ["fever", "cramp", "hours"], id="what holds it too"),
        pytest.param(
            {"fever": False, "cramp": "unknown"}, "bottle", ["cramp", "hours"], id="through its host"
        ),
        pytest.param({"fever": False}, "rest", ["weak"], id="through a finding"),
    ],
)
def test_a_pending_item_says_which_questions(assess, answers, item, questions):
    pending = assess(BASE, answers)["advice"]["pending"]
    assert [each["questions"] for each in pending if each["item"] == item] == [questions]


def test_a_base_without_triage_and_advice(assess):
    text = """
knowledge_base: {name: bare, version: 1}
questions: {fever: {ask: fever, kind: yes_no}}
findings: {ill: ill}
rules: {ill: {when: {fever: yes}, then: {finding: ill}, because: so, ours: yes}}
"""
    found = assess(text, {"fever": True})
    assert found["triage"] is None
    assert found["in_scope"] is None
    assert found["advice"] == {"given": [], "given_unless": [], "held": [], "pending": []}
    assert found["findings"] == ["ill"]


def test_an_item_given_with_its_host_names_only_rules_that_fired(assess):
    text = """
knowledge_base: {name: hosts, version: 1}
questions: {fever: {ask: fever, kind: yes_no}, weak: {ask: weak, kind: yes_no}}
findings: {ill: ill}
advice_kinds: {soon: soon}
advice: {rest: {kind: soon, text: rest, shown_with: {finding: ill}}}
rules:
  ill: {when: {fever: yes}, then: {finding: ill}, because: so, ours: yes}
  rest: {when: {weak: yes}, then: {give: rest}, because: so, ours: yes}
"""
    assert assess(text, {"fever": True, "weak": False})["advice"]["given"] == [{"item": "rest", "rules": []}]
    assert assess(text, {"weak": True})["advice"]["given"] == [{"item": "rest", "rules": ["rest"]}]


def test_a_score_that_nothing_reads_is_counted(assess):
    text = """
knowledge_base: {name: bare, version: 1}
questions: {fever: {ask: fever, kind: yes_no}}
findings: {ill: ill}
scores: {risk: {text: the risk, parts: [{points: 1, when: {finding: ill}}]}}
rules: {ill: {when: {fever: yes}, then: {finding: ill}, because: so, ours: yes}}
"""
    assert assess(text, {"fever": True})["scores"] == {"risk": {"low": 1, "high": 1}}


# The published form


def test_the_same_answers_give_the_same_bytes(kb):
    answers = {
        "walking_effect": "begins",
        "pain_where": ["both_legs", "lower_back"],
        "leg_weakness": "unknown",
    }
    other_way_round = dict(reversed(answers.items())) | {"pain_where": {"lower_back": True}}
    first, again = (assess_one(kb, answers).to_json() for _ in range(2))
    assert first == again
    assert first != assess_one(kb, other_way_round).to_json()
    assert first == assess_one(kb, dict(reversed(answers.items()))).to_json()


def test_json_is_the_dictionary(kb):
    assessment = assess_one(kb, {"leg_weakness": True}, "a-weak-leg")
    assert json.loads(assessment.to_json()) == json.loads(json.dumps(assessment.to_dict()))
    assert assessment.to_json().startswith('{"format":"cartsign.assessment/1","id":"a-weak-leg",')
    assert "\n" not in assessment.to_json()


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("machine", "first"), [("experta", 0), ("columns", 1)])
def test_every_bundled_case_fits_the_schema(machine, first, bundled):
    """Every other case of each machine: what each gives is the same."""
    for assessment in bundled(machine)[first::2]:
        Draft202012Validator(SCHEMA).validate(assessment)


@examples(10, 25)
@given(bases_with_cases(cases=2))
def test_every_generated_case_fits_the_schema(target, read, drawn):
    text, people = drawn
    kb = read(text)
    for assessment in target(kb, [from_mapping(answers, kb.questions) for answers in people]):
        Draft202012Validator(SCHEMA).validate(assessment)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "cartsign.assessment/2"),
        (("triage", "level"), 3),
        (("triage", "rules"), None),
        (("conditions", 0, "support"), "certain"),
        (("advice", "given", 0, "kind"), "at_once"),
        (("fired",), "all"),
        (("mood",), "good"),
        (("scores", "risk", "low"), "1"),
    ],
)
def test_the_schema_refuses(assess, path, value):
    assessment = assess(BASE, {"cramp": True, "fever": False})
    assert Draft202012Validator(SCHEMA).is_valid(assessment)
    place = assessment
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not Draft202012Validator(SCHEMA).is_valid(assessment)


def test_the_schema_misses_nothing(assess):
    assessment = assess(BASE, {})
    for key in assessment:
        assert not Draft202012Validator(SCHEMA).is_valid({k: v for k, v in assessment.items() if k != key})
