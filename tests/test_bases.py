"""Two published rules as knowledge bases of their own: the Ottawa ankle rules and the Wells score for DVT.

Neither has triage levels, and the score has no advice either. What they give is held against the published
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
    for folder in ("ottawa-ankle", "wells-dvt")
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
