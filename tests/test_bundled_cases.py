"""The cases of the bundled knowledge base: each gives what it must, and together they reach everything.

A case is an example to read and a test at once. Every rule has a case that fires it and a near miss that
does not; every condition, level, item, hold, disagreement and clash is met by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from engine import load
from engine.casetest.report import paragraph
from engine.casetest.running import judged
from engine.casetest.shapes import shape_of
from engine.model import SUPPORT, Suspects, Withholds
from engine.parts import Always
from engine.valuation import Valuation, prepare
from facts.case import Case
from facts.casefile import read_cases
from facts.problem import render

FOLDER = Path(__file__).parent.parent / "kb"
KB = load(FOLDER)
PREPARED, SHAPE = prepare(KB), shape_of(KB)
READ = list(read_cases([FOLDER / "cases"], KB.questions))
CASES = [case for case in READ if isinstance(case, Case)]
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
EACH_RULE = pytest.mark.parametrize("rule", KB.rules)


@pytest.fixture(scope="module")
def assessed(bundled) -> dict[str, dict[str, object]]:
    """The assessment of each case, fired on experta."""
    return {assessment["id"]: assessment for assessment in bundled("experta")}


def explained(start: str, lines: Iterable[str]) -> str:
    """A message for those who write rules and cases: what is wrong, then each difference on a line."""
    return "\n".join([start, *(f"  - {line}" for line in lines)])


def test_every_case_can_be_read():
    problems = [render(each) for found in READ if not isinstance(found, Case) for each in found]
    assert not problems, explained("some cases cannot be read; mend these places in kb/cases:", problems)


def test_there_are_at_least_a_hundred_and_fifty():
    assert len(CASES) >= 150, f"kb/cases has {len(CASES)} cases; keep at least 150"


def test_no_two_cases_say_the_same_of_whom_they_show():
    told = Counter(case.about for case in CASES)
    assert not [about for about, times in told.items() if times > 1]


def test_the_level_that_each_article_alone_would_give_is_checked_in_at_least_25_cases():
    """For every article that has a level for anybody in such a case, not for one of them only."""
    checked = [case.id for case in CASES if by_source(case).keys() >= KB.sources.keys()]
    assert len(checked) >= 25, f"only {len(checked)} cases say what each of the articles would tell"


def by_source(case: Case) -> Mapping[str, object]:
    """What a case expects of each article alone."""
    triage = case.expect.get("triage") or {}
    assert isinstance(triage, Mapping)
    return triage.get("by_source") or {}


@EACH_CASE
def test_a_case_gives_what_it_must(case, assessed):
    """And names only what kb has. `cartsign test` says the same."""
    outcome = judged(case, assessed[case.id], Valuation(PREPARED, case.answers), SHAPE)
    if outcome.verdict == "todo":
        pytest.xfail(case.todo)
    start = (
        f"case `{case.id}` does not come out as it says. If the assessment is right, change the case "
        "(`cartsign test --update` does); if the case is right, change the rules:"
    )
    assert outcome.verdict == "passed", "\n".join([start, *paragraph(outcome)])


@EACH_CASE
def test_a_case_says_whom_it_shows_and_what_must_come_of_it(case):
    assert case.about, f"case `{case.id}` does not say whom it shows: add `about: ...`"
    assert case.expect, f"case `{case.id}` does not say what must come of it: add `expect: {{...}}`"


def named(case: Case, key: str, negative: bool = False) -> list[str]:
    """The names that a case expects, or expects not, in a field."""
    expected = (case.expect_not if negative else case.expect).get(key, [])
    return list(expected) if isinstance(expected, list | dict) else [expected]


@EACH_RULE
def test_a_rule_has_a_case_that_fires_it(rule, assessed):
    fires = any(rule in found["fired"] for found in assessed.values())
    assert fires, f"no case in kb/cases fires rule `{rule}`: add one, with `expect: {{fired: [{rule}]}}`"


CAN_FAIL = [rule.id for rule in KB.rules.values() if not isinstance(rule.when, Always)]
"""The rules that can have a near miss: those that are not for everybody."""


@pytest.mark.parametrize("rule", CAN_FAIL)
def test_a_rule_has_a_near_miss(rule, assessed):
    """A case that says that the rule does not fire, and whose answers rule it out: left open is no miss."""
    naming = [case.id for case in CASES if rule in named(case, "fired", negative=True)]
    left_open = [each for each in naming if rule in assessed[each]["open"]]
    missed = [each for each in naming if each not in left_open and rule not in assessed[each]["fired"]]
    start = (
        f"rule `{rule}` has no near miss: add a case whose answers make just one part of its `when` false, "
        f"with `expect_not: {{fired: [{rule}]}}`"
    )
    hints = [
        f"case `{each}` names it so, but leaves it open: answer there the questions that it asks"
        for each in left_open
    ]
    assert missed, explained(start, hints)


@EACH_CASE
def test_what_must_be_ruled_out_comes_first_and_what_is_merely_listed_last(case, assessed):
    rank = (*reversed(SUPPORT), None)
    ranked = assessed[case.id]["conditions"]
    order = [(not each["serious"], rank.index(each["support"]), len(each["against"])) for each in ranked]
    assert order == sorted(order)


# Everything is reached by a case


def concluding(kind: type) -> list[object]:
    """Every conclusion of a kind that a rule draws, once."""
    found = [each for rule in KB.rules.values() for each in rule.then if isinstance(each, kind)]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    "suspects", concluding(Suspects), ids=lambda each: f"{each.condition}-{each.support}"
)
def test_every_condition_is_met_with_every_support(suspects, assessed):
    grades = {
        each["support"]
        for found in assessed.values()
        for each in found["conditions"]
        if each["name"] == suspects.condition
    }
    met = ", ".join(sorted(filter(None, grades))) or "no support at all"
    assert suspects.support in grades, (
        f"no case gives `{suspects.condition}` the support `{suspects.support}`, only {met}: "
        f"add one, with `expect: {{conditions: {{{suspects.condition}: {suspects.support}}}}}`"
    )


@pytest.mark.parametrize("level", KB.levels)
def test_every_level_is_met(level, assessed):
    """By all articles together, or by one that a safer one outweighs."""
    triages = [found["triage"] for found in assessed.values()]
    met = {reach["level"] for each in triages for reach in (each, *each["by_source"].values())}
    assert level in met, (
        f"no case comes to the level `{level}`, and no article alone does in any: "
        f"add one, with `expect: {{triage: {{level: {level}}}}}`"
    )


@pytest.mark.parametrize("level", [None, "discuss_routinely", "see_doctor", "urgent", "emergency"])
def test_a_level_is_met_settled(level, assessed):
    """With every question answered that could raise it."""
    triages = [found["triage"] for found in assessed.values()]
    shown = level or "null"
    assert any(each["settled"] and each["level"] == level for each in triages), (
        f"no case is settled at the level `{shown}`: add one that answers every question "
        f"that could raise it, with `expect: {{triage: {{level: {shown}, settled: true}}}}`"
    )


def test_some_case_is_not_settled(assessed):
    assert any(not found["triage"]["settled"] for found in assessed.values()), (
        "every case is settled: add one that leaves a warning sign open, "
        "with `expect: {triage: {settled: false}}`"
    )


@pytest.mark.parametrize("item", KB.advice)
def test_every_item_is_given(item, assessed):
    given = [each["item"] for found in assessed.values() for each in found["advice"]["given"]]
    assert item in given, (
        f"no case is given `{item}`: add one, with `expect: {{advice: {{given: [{item}]}}}}`"
    )


HOLDS = [rule.id for rule in KB.rules.values() if any(isinstance(each, Withholds) for each in rule.then)]


@pytest.mark.parametrize("rule", HOLDS)
def test_every_hold_holds_something(rule, assessed):
    assert any(rule == each["rule"] for found in assessed.values() for each in found["advice"]["held"]), (
        f"rule `{rule}` holds nothing back in any case: "
        "add one that fires it and that would be given the item, with `expect: {advice: {held: [...]}}`"
    )


@pytest.mark.parametrize("state", ["given_unless", "pending"])
def test_every_state_of_advice_is_met(state, assessed):
    assert any(found["advice"][state] for found in assessed.values()), (
        f"no case has advice that is `{state}`: add one, with `expect: {{advice: {{{state}: [...]}}}}`"
    )


@pytest.mark.parametrize("name", KB.disagreements)
def test_every_disagreement_is_met(name, assessed):
    assert any(name in found["disagreements"] for found in assessed.values()), (
        f"disagreement `{name}` bears on no case: add one, with `expect: {{disagreements: [{name}]}}`"
    )


@pytest.mark.parametrize("name", KB.consistency)
def test_every_clash_is_met(name, assessed):
    assert any(name == each["name"] for found in assessed.values() for each in found["inconsistencies"]), (
        f"no case has the clash `{name}`: add one, with `expect: {{inconsistencies: [{name}]}}`"
    )


@pytest.mark.parametrize("text", KB.texts)
def test_every_text_is_shown(text, assessed):
    assert any(text in found["texts"] for found in assessed.values()), (
        f"no case is shown the text `{text}`: add one, with `expect: {{texts: [{text}]}}`"
    )


@pytest.mark.parametrize("finding", KB.findings)
def test_every_finding_is_met(finding, assessed):
    assert any(finding in found["findings"] for found in assessed.values()), (
        f"no case has the finding `{finding}`: add one, with `expect: {{findings: [{finding}]}}`"
    )
