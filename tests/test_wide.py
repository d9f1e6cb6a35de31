"""Wide results: each column says what the assessment of the case says, on drawn bases and on every case."""

from __future__ import annotations

import pytest
from generators import bases_with_cases
from hypothesis import HealthCheck, given, settings

from engine.batch.audit import expected_of
from engine.columns.wide import compile_wide
from engine.meaning.asking import Asking
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Valuation, prepare
from engine.model.knowledge_base import Triages
from facts.case import Case, from_mapping
from facts.files.cases import read_cases
from facts.tables.canonical import frame_of


def differences(kb, cases):
    """The columns that say something else than the meaning of the rules, by the id of the case."""
    prepared = prepare(kb)
    plan = compile_wide(prepared)
    found = plan.apply(frame_of(cases, kb.questions).lazy()).collect()
    for case, row in zip(cases, found.iter_rows(named=True), strict=True):
        valued = Valuation(prepared, case.answers)
        assessment = assemble(valued, case.id)
        says = {**expected_of(valued, assessment), "red_flags_open": red_flags_open(valued, assessment)}
        if not kb.levels:
            del says["red_flags_open"]
        assert set(plan.names) <= set(says)
        for name in (*plan.names, *(f"rule:{id}" for id in kb.rules)):
            if name in says and says[name] != row[name]:
                yield case.id, name, row[name], says[name]


def red_flags_open(valued, assessment):
    """How many questions open red flags wait for, of those whose level is above the one established."""
    kb, levels = valued.prepared.kb, [None, *valued.prepared.kb.levels]
    waiting = [
        f"rule:{id}"
        for id, rule in kb.rules.items()
        if kb.is_red_flag(rule)
        and valued.value(f"rule:{id}") is None
        and max(levels.index(each.level) for each in rule.then if isinstance(each, Triages))
        > levels.index(assessment.triage.level)
    ]
    return len(Asking(valued).questions_behind(waiting))


def hold(read, drawn):
    text, answers = drawn
    kb = read(text)
    cases = [from_mapping(each, kb.questions, str(at)) for at, each in enumerate(answers)]
    assert not list(differences(kb, cases))


@given(drawn=bases_with_cases())
@settings(max_examples=25)
def test_a_drawn_base(read, drawn):
    hold(read, drawn)


@pytest.mark.sweep
@given(drawn=bases_with_cases())
@settings(max_examples=1_000, suppress_health_check=list(HealthCheck))
def test_many_drawn_bases(read, drawn):
    hold(read, drawn)


def test_every_bundled_case(kb):
    cases = [case for case in read_cases(["kb/cases"], kb.questions) if isinstance(case, Case)]
    assert len(cases) > 200
    assert not list(differences(kb, cases))


def test_red_flags_are_open_until_all_are_answered(kb):
    prepared = prepare(kb)
    plan = compile_wide(prepared)
    cases = [Case("nothing", {}), Case("emergency", {"bladder_or_bowel": {"lost_bladder_control": True}})]
    nothing, emergency = plan.apply(frame_of(cases, kb.questions).lazy()).collect().rows(named=True)
    assert (nothing["level"], nothing["ceiling"], nothing["settled"]) == (None, "emergency", False)
    assert nothing["red_flags_open"] > 10
    assert (emergency["level"], emergency["settled"], emergency["red_flags_open"]) == ("emergency", True, 0)


def test_a_base_without_levels_or_scope_has_no_such_columns(read):
    text = """
knowledge_base: {name: tiny, version: 1}
questions:
  coughs: {ask: Do you cough?, kind: yes_no}
findings: {cough: a cough}
rules:
  coughing: {when: {coughs: yes}, then: {finding: cough}, because: A cough is a cough., ours: true}
"""
    assert compile_wide(prepare(read(text))).names == ["inconsistent", "finding.cough"]
