"""The cases of the bundled knowledge base: each gives what it must, and together they reach everything.

A case is an example to read and a test at once. Every rule has a case that fires it and a near miss that
does not; every condition, level, item, hold, disagreement and clash is met by one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import load
from engine.assembly import assemble
from engine.expectation import differences
from engine.experta_target import Engine
from engine.model import Suspects, Withholds
from engine.valuation import prepare
from facts.case import Case
from facts.casefile import read_cases

FOLDER = Path(__file__).parent.parent / "kb"
KB = load(FOLDER)
READ = list(read_cases([FOLDER / "cases"], KB.questions))
CASES = [case for case in READ if isinstance(case, Case)]
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
EACH_RULE = pytest.mark.parametrize("rule", KB.rules)


@pytest.fixture(scope="module")
def assessed() -> dict[str, dict[str, object]]:
    """The assessment of each case, fired on experta."""
    engine = Engine(prepare(KB))
    return {case.id: assemble(engine.fire(case.answers), case.id).to_dict() for case in CASES}


def test_every_case_can_be_read():
    assert [problems for problems in READ if not isinstance(problems, Case)] == []


def test_there_are_at_least_forty():
    assert len(CASES) >= 40


@EACH_CASE
def test_a_case_gives_what_it_must(case, assessed):
    assert differences(assessed[case.id], case.expect, case.expect_not) == []


@EACH_CASE
def test_a_case_says_whom_it_shows_and_what_must_come_of_it(case):
    assert case.about
    assert case.expect


def named(case: Case, key: str, negative: bool = False) -> list[str]:
    """The names that a case expects, or expects not, in a field."""
    expected = (case.expect_not if negative else case.expect).get(key, [])
    return list(expected) if isinstance(expected, list | dict) else [expected]


@EACH_RULE
def test_a_rule_has_a_case_that_fires_it(rule, assessed):
    fires = any(rule in found["fired"] for found in assessed.values())
    assert fires, f"no case in kb/cases fires rule `{rule}`: add one, with `expect: {{fired: [{rule}]}}`"


@EACH_RULE
def test_a_rule_has_a_near_miss(rule):
    has = any(rule in named(case, "fired", negative=True) for case in CASES)
    assert has, f"rule `{rule}` has no near miss: add a case with `expect_not: {{fired: [{rule}]}}`"


@EACH_CASE
def test_a_case_speaks_of_what_there_is(case):
    for negative in (False, True):
        assert set(named(case, "fired", negative)) | set(named(case, "open", negative)) <= set(KB.rules)
        assert set(named(case, "findings", negative)) <= set(KB.findings)
        assert set(named(case, "conditions", negative)) <= set(KB.conditions)
        assert set(named(case, "disagreements", negative)) <= set(KB.disagreements)
        assert set(named(case, "ask_next", negative)) <= set(KB.questions)
        assert set(named(case, "kept_open_by", negative)) <= set(KB.questions)
        for items in ((case.expect_not if negative else case.expect).get("advice") or {}).values():
            assert {each for each in items if isinstance(each, str)} <= set(KB.advice)


# Everything is reached by a case


def concluding(kind: type) -> list[object]:
    """Every conclusion of a kind that a rule draws, once."""
    found = [each for rule in KB.rules.values() for each in rule.then if isinstance(each, kind)]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    "suspects", concluding(Suspects), ids=lambda each: f"{each.condition}-{each.support}"
)
def test_every_condition_is_met_with_every_support(suspects, assessed):
    grades = [
        each["support"]
        for found in assessed.values()
        for each in found["conditions"]
        if each["name"] == suspects.condition
    ]
    assert suspects.support in grades


@pytest.mark.parametrize("level", KB.levels)
def test_every_level_is_met(level, assessed):
    """By all articles together, or by one that a safer one outweighs."""
    triages = [found["triage"] for found in assessed.values()]
    met = {reach["level"] for each in triages for reach in (each, *each["by_source"].values())}
    assert level in met


def test_some_case_has_no_level_and_some_is_settled(assessed):
    assert any(found["triage"]["level"] is None for found in assessed.values())
    assert any(found["triage"]["settled"] for found in assessed.values())
    assert any(not found["triage"]["settled"] for found in assessed.values())


@pytest.mark.parametrize("item", KB.advice)
def test_every_item_is_given(item, assessed):
    given = [each["item"] for found in assessed.values() for each in found["advice"]["given"]]
    assert item in given


HOLDS = [rule.id for rule in KB.rules.values() if any(isinstance(each, Withholds) for each in rule.then)]


@pytest.mark.parametrize("rule", HOLDS)
def test_every_hold_holds_something(rule, assessed):
    assert any(rule == each["rule"] for found in assessed.values() for each in found["advice"]["held"])


@pytest.mark.parametrize("state", ["given_unless", "pending"])
def test_every_state_of_advice_is_met(state, assessed):
    assert any(found["advice"][state] for found in assessed.values())


@pytest.mark.parametrize("name", KB.disagreements)
def test_every_disagreement_is_met(name, assessed):
    assert any(name in found["disagreements"] for found in assessed.values())


@pytest.mark.parametrize("name", KB.consistency)
def test_every_clash_is_met(name, assessed):
    assert any(name == each["name"] for found in assessed.values() for each in found["inconsistencies"])


@pytest.mark.parametrize("text", KB.texts)
def test_every_text_is_shown(text, assessed):
    assert any(text in found["texts"] for found in assessed.values())


@pytest.mark.parametrize("finding", KB.findings)
def test_every_finding_is_met(finding, assessed):
    assert any(finding in found["findings"] for found in assessed.values())
