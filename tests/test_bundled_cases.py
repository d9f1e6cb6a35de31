"""The cases of the bundled knowledge base: each gives what it must, and together they reach everything.

A case is an example to read and a test at once. Every rule has a case that fires it and a near miss that
does not; every condition, level, item, hold, disagreement and clash is met by one. That nothing is left out
is what `cartsign check` says, here and for every knowledge base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from engine import load
from engine.casetest.report import paragraph
from engine.casetest.running import judged
from engine.casetest.spelling import shape_of
from engine.checks import findings
from engine.checks.examination import examination
from engine.meaning.valuation import Valuation, prepare
from engine.model.knowledge_base import SUPPORT
from facts.case import Case
from facts.files.cases import read_cases
from facts.problem import render

FOLDER = Path(__file__).parent.parent / "kb"
KB = load(FOLDER)
PREPARED, SHAPE = prepare(KB), shape_of(KB)
READ = list(read_cases([FOLDER / "cases"], KB.questions))
CASES = [case for case in READ if isinstance(case, Case)]
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


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
def test_what_must_be_ruled_out_comes_first_and_what_is_merely_listed_last(case, assessed):
    rank = tuple(reversed(SUPPORT))
    order = [
        (
            not each["serious"],
            each["support"] is None,
            rank.index(each["support"] or each["could_reach"]),
            len(each["against"]),
        )
        for each in assessed[case.id]["conditions"]
    ]
    assert order == sorted(order)


# Everything is reached by a case


def test_check_finds_nothing():
    """No rule without a case or a near miss, nothing that no case reaches, no name that there is not."""
    found = [render(each) for each in findings(examination(KB, str(FOLDER), CASES))]
    assert not found, "\n\n".join(["`cartsign check` finds:", *found])


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


@pytest.mark.parametrize("state", ["given_unless", "pending"])
def test_every_state_of_advice_is_met(state, assessed):
    assert any(found["advice"][state] for found in assessed.values()), (
        f"no case has advice that is `{state}`: add one, with `expect: {{advice: {{{state}: [...]}}}}`"
    )
