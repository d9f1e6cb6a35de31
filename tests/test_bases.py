"""Published rules as knowledge bases of their own: the Ottawa ankle rules, the Wells score, CURB-65 and
the DAST-10.

None has triage levels, and the scores have no advice either. What they give is held against the published
rules, written down a second time as plain functions, for every combination of what they read.
"""

from __future__ import annotations

import json
from itertools import combinations, product
from pathlib import Path

import pytest

from engine import assess, load
from engine.assessments.complete import compile_plan, lines, written
from engine.casetest.expectation import differences
from engine.meaning.valuation import prepare
from facts.case import Case, from_mapping
from facts.files.cases import read_cases
from facts.tables.canonical import frame_of

BASES = Path(__file__).parent / "bases"
CASES = [
    pytest.param(folder, case, id=case.id)
    for folder in ("ottawa-ankle", "wells-dvt", "curb-65", "dast-10")
    for case in read_cases([BASES / folder / "cases"], load(BASES / folder).questions)
]


def subsets(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [chosen for size in range(len(names) + 1) for chosen in combinations(names, size)]


def in_columns(kb, answers: list[dict[str, object]]) -> list[dict[str, object]]:
    cases = [from_mapping(each, kb.questions, str(at)) for at, each in enumerate(answers)]
    parts = lines(compile_plan(prepare(kb), written), frame_of(cases, kb.questions))
    return [json.loads(line) for part in parts for line in part["line"]]


@pytest.mark.parametrize(("folder", "case"), CASES)
def test_a_case_gives_what_it_must(folder, case):
    assert isinstance(case, Case), case
    kb = load(BASES / folder)
    found = assess(kb, case.answers, case.id)
    assert differences(found.to_dict(), case.expect, case.expect_not) == []


ZONES = ("malleolar_zone", "midfoot_zone")
POINTS = ("lateral_malleolus", "medial_malleolus", "fifth_metatarsal", "navicular")
STEPS = ("at_once", "at_hospital")


def test_the_ottawa_rules_for_every_examination():
    everybody = [
        {"age": 40, "painful_zones": list(zones), "tender_points": list(points), "four_steps": list(steps)}
        for zones, points, steps in product(subsets(ZONES), subsets(POINTS), subsets(STEPS))
    ]
    assert len(everybody) == 4 * 16 * 4
    for answers, found in zip(everybody, in_columns(load(BASES / "ottawa-ankle"), everybody), strict=True):
        zones, points, steps = answers["painful_zones"], answers["tender_points"], answers["four_steps"]
        series = []
        if "malleolar_zone" in zones and ({*points} & {*POINTS[:2]} or not steps):
            series.append("ankle_series")
        if "midfoot_zone" in zones and ({*points} & {*POINTS[2:]} or not steps):
            series.append("foot_series")
        assert [each["item"] for each in found["advice"]["given"]] == series
        assert found["triage"] is None


SIGNS = ("tenderness", "whole_leg_swollen", "pitting_oedema", "collateral_veins")
RESTS = ("paralysis", "plaster", "bed", "surgery")


def published_wells(cancer, rests, signs, calf, earlier, other) -> int:
    """The score of Wells 2003, table 1."""
    return (
        int(cancer)
        + int("paralysis" in rests or "plaster" in rests)
        + int("bed" in rests or "surgery" in rests)
        + len(signs)
        + int(calf >= 3)
        + int(earlier)
        - (0 if other == "less_likely" else 2)
    )


def test_the_wells_score_for_every_patient():
    names = ("active_cancer", "legs_at_rest", "leg_signs", "calf_difference", "earlier_thrombosis")
    asked = [(True, False), subsets(RESTS), subsets(SIGNS), (-1.5, 2.9, 3.0, 8.1), (True, False)]
    others = ("less_likely", "as_likely", "more_likely")
    patients = list(product(*asked, others))
    everybody = [dict(zip((*names, "other_diagnosis"), each, strict=True)) for each in patients]
    scores = []
    for patient, found in zip(patients, in_columns(load(BASES / "wells-dvt"), everybody), strict=True):
        score = published_wells(*patient)
        scores.append(score)
        level = "low" if score <= 0 else "moderate" if score <= 2 else "high"
        assert found["scores"]["wells"] == {"low": score, "high": score}
        assert found["findings"] == ["likely" if score >= 2 else "unlikely", f"{level}_probability"]
    assert (min(scores), max(scores)) == (-2, 9)


def test_nobody_has_a_score_from_least_to_most():
    found = assess(load(BASES / "wells-dvt"), {})
    assert found.scores == {"wells": {"low": -2, "high": 9}}
    assert found.findings == ()
    assert found.advice.given == found.advice.pending == ()


def published_curb65(confusion, urea, breaths, systolic, diastolic, age) -> int:
    """The score of Lim 2003."""
    low_pressure = systolic < 90 or diastolic <= 60
    return int(confusion) + int(urea > 7) + int(breaths >= 30) + int(low_pressure) + int(age >= 65)


def test_curb_65_for_every_patient():
    names = ("confusion", "urea", "breaths", "systolic", "diastolic", "age")
    asked = [(True, False), (7.0, 7.1), (29, 30), (89, 90), (60, 61), (64, 65)]
    patients = list(product(*asked))
    everybody = [dict(zip(names, each, strict=True)) for each in patients]
    outcome = {"low": ["home"], "middle": ["hospital"], "high": ["severe"]}
    for patient, found in zip(patients, in_columns(load(BASES / "curb-65"), everybody), strict=True):
        score = published_curb65(*patient)
        level = "low" if score < 2 else "middle" if score == 2 else "high"
        assert found["scores"]["curb65"] == {"low": score, "high": score}
        assert found["classes"] == {"curb65": level}
        assert [each for each in found["findings"] if each != "low_pressure"] == outcome[level]


def test_the_dast_10_for_every_answer():
    kb = load(BASES / "dast-10")
    everybody = [dict(zip(kb.questions, each, strict=True)) for each in product((True, False), repeat=10)]
    for answers, found in zip(everybody, in_columns(kb, everybody), strict=True):
        score = sum(answer is (name != "can_stop") for name, answer in answers.items())
        ends = {"none_reported": 0, "low": 2, "moderate": 5, "substantial": 8, "severe": 10}
        assert found["scores"]["dast"] == {"low": score, "high": score}
        assert found["classes"]["dast"] == next(name for name, end in ends.items() if score <= end)
        assert found["findings"] == (["look_further"] if score >= 3 else [])


def test_what_is_published_about_a_class_is_shown_with_its_source(run):
    base = BASES / "curb-65"
    page = run("assess", str(base / "cases"), "--case", "old-and-confused", "--kb", str(base)).output
    assert "CURB-65: 2, middle risk" in page
    assert "9.2 of 100 people like this died within 30 days (Defining community" in page
    page = run("assess", str(base / "cases"), "--case", "blood-not-back-yet", "--kb", str(base)).output
    assert "CURB-65: 1 to 2, depending on open answers" in page
    assert "risk" not in page
