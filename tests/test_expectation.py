"""What a case expects, what it expects not, and the sentences about what is not so."""

from __future__ import annotations

import pytest

from engine.casetest.expectation import differences

ASSESSMENT = {
    "format": "cartsign.assessment/1",
    "id": "somebody",
    "in_scope": True,
    "triage": {
        "level": "see_doctor",
        "ceiling": None,
        "settled": False,
        "rules": ("call-the-doctor",),
        "by_source": {"S1": {"level": None, "ceiling": "urgent"}},
    },
    "conditions": (
        {
            "name": "stenosis",
            "support": "hallmark",
            "could_reach": "known",
            "against": (),
            "rules": ("hallmark",),
        },
        {"name": "sciatica", "support": None, "could_reach": "typical", "against": (), "rules": ()},
    ),
    "findings": ("leg_pain",),
    "scores": {"wells": {"low": 2, "high": 2}, "risk": {"low": -1, "high": 0.5}},
    "advice": {
        "given": ({"item": "sit", "rules": ("sit",)},),
        "given_unless": ({"item": "heat", "rules": ("warm",), "unless": ("too-early",)},),
        "held": ({"rule": "not-yet", "items": ("cold", "stretch")}, {"rule": "never", "items": ("cold",)}),
        "pending": ({"item": "walk", "waits_for": ("give",), "questions": ("age",)},),
    },
    "inconsistencies": ({"name": "one-leg-and-both", "questions": ("where",)},),
    "ask_next": ("age", "fever"),
    "fired": ("hallmark", "call-the-doctor"),
    "reasons": ({"rule": "hallmark", "because": "it narrows", "claims": ("S4-06",)},),
}

MET = [
    {},
    {"id": "somebody"},
    {"in_scope": True},
    {"triage": {"level": "see_doctor", "settled": False, "ceiling": None}},
    {"triage": {"rules": ["call-the-doctor"]}},
    {"triage": {"by_source": {"S1": {"level": None, "ceiling": "urgent"}}}},
    {"conditions": {"stenosis": "hallmark"}},
    {"conditions": {"sciatica": None}},
    {"conditions": {"stenosis": {"could_reach": "known", "rules": ["hallmark"]}}},
    {"conditions": ["sciatica"]},
    {"conditions": [{"name": "stenosis", "support": "hallmark"}]},
    {"findings": ["leg_pain"]},
    {"findings": "leg_pain"},
    {"scores": {"wells": 2}},
    {"scores": {"risk": {"low": -1, "high": 0.5}}},
    {"scores": {"wells": {"low": 2.0}}},
    {
        "advice": {
            "given": ["sit"],
            "given_unless": ["heat"],
            "held": ["stretch", "cold"],
            "pending": ["walk"],
        }
    },
    {"advice": {"held": ["never"]}},
    {"advice": {"held": [{"rule": "not-yet", "items": ["cold", "stretch"]}]}},
    {"advice": {"given_unless": [{"item": "heat", "unless": ["too-early"]}]}},
    {"advice": {"pending": {"walk": {"questions": ["age"]}}}},
    {"inconsistencies": ["one-leg-and-both"]},
    {"inconsistencies": {"one-leg-and-both": {"questions": ["where"]}}},
    {"ask_next": ["fever", "age"]},
    {"reasons": ["hallmark"]},
    {"reasons": [{"rule": "hallmark", "claims": ["S4-06"]}]},
]

NOT_MET = [
    ({"triage": {"level": "urgent"}}, "triage.level is `see_doctor`, expected `urgent`"),
    ({"triage": {"level": None}}, "triage.level is `see_doctor`, expected `null`"),
    ({"triage": {"ceiling": "urgent"}}, "triage.ceiling is `null`, expected `urgent`"),
    ({"triage": {"settled": True}}, "triage.settled is `false`, expected `true`"),
    ({"triage": {"settled": 0}}, "triage.settled is `false`, expected `0`"),
    (
        {"triage": {"by_source": {"S1": {"level": "urgent"}}}},
        "triage.by_source.S1.level is `null`, expected `urgent`",
    ),
    ({"in_scope": None}, "in_scope is `true`, expected `null`"),
    ({"in_scope": 1}, "in_scope is `true`, expected `1`"),
    ({"in_scope": {"level": "x"}}, 'in_scope is `true`, expected `{"level": "x"}`'),
    ({"conditions": {"stenosis": "known"}}, "conditions.stenosis is `hallmark`, expected `known`"),
    ({"conditions": {"tumour": "known"}}, "conditions has no `tumour`, expected `known`"),
    ({"conditions": ["tumour"]}, "conditions has no `tumour`"),
    (
        {"conditions": [{"name": "stenosis", "support": "known"}]},
        "conditions.stenosis.support is `hallmark`, expected `known`",
    ),
    ({"findings": ["numbness", "leg_pain"]}, "findings has no `numbness`"),
    ({"findings": "numbness"}, "findings has no `numbness`"),
    ({"scores": {"wells": 3}}, "scores.wells is `2`, expected `3`"),
    ({"scores": {"risk": 0.5}}, 'scores.risk is `{"low": -1, "high": 0.5}`, expected `0.5`'),
    ({"scores": {"wells": {"low": 1}}}, "scores.wells.low is `2`, expected `1`"),
    ({"advice": {"given": ["heat"]}}, "advice.given has no `heat`"),
    ({"advice": {"held": ["heat"]}}, "advice.held has no `heat`"),
    (
        {"advice": {"held": [{"rule": "never", "items": ["stretch"]}]}},
        "advice.held.never.items has no `stretch`",
    ),
    ({"ask_next": ["weight"]}, "ask_next has no `weight`"),
    ({"reasons": [{"rule": "hallmark", "claims": ["S1-1"]}]}, "reasons.hallmark.claims has no `S1-1`"),
]

MISSPELT = [
    ({"finding": ["leg_pain"]}, "an assessment has no `finding`, only `format`, `id`, "),
    ({"triage": {"lvl": "urgent"}}, "triage has no `lvl`, only `level`, `ceiling`, "),
    ({"triage": {"by_source": {"S9": {"level": None}}}}, "triage.by_source has no `S9`, only `S1`"),
    ({"scores": {"well": 2}}, "scores has no `well`, only `wells`, `risk`"),
    ({"advice": {"gives": ["sit"]}}, "advice has no `gives`, only `given`, "),
    ({"conditions": {"stenosis": {"strength": "known"}}}, "conditions.stenosis has no `strength`, only "),
    ({"fired": []}, "fired expects nothing"),
    ({"triage": {}}, "triage expects nothing"),
]

ABSENT = [
    {"triage": {"level": "urgent"}},
    {"triage": {"level": None}},
    {"conditions": {"stenosis": "typical"}},
    {"conditions": {"tumour": "known"}},
    {"conditions": ["tumour"]},
    {"findings": ["numbness"]},
    {"scores": {"wells": 3}},
    {"scores": {"risk": -1}},
    {"advice": {"given": ["heat", "cold"], "held": ["heat"]}},
    {"fired": ["other-rule"]},
]

PRESENT = [
    ({"triage": {"level": "see_doctor"}}, "triage.level is `see_doctor`, which `expect_not` forbids"),
    ({"triage": {"ceiling": None}}, "triage.ceiling is `null`, which `expect_not` forbids"),
    (
        {"conditions": {"stenosis": "hallmark"}},
        "conditions.stenosis is `hallmark`, which `expect_not` forbids",
    ),
    ({"conditions": ["sciatica"]}, "conditions has `sciatica`, which `expect_not` forbids"),
    ({"findings": ["leg_pain"]}, "findings has `leg_pain`, which `expect_not` forbids"),
    ({"findings": "leg_pain"}, "findings has `leg_pain`, which `expect_not` forbids"),
    ({"scores": {"wells": 2}}, "scores.wells is `2`, which `expect_not` forbids"),
    ({"advice": {"held": ["stretch"]}}, "advice.held has `stretch`, which `expect_not` forbids"),
    ({"fired": ["hallmark"]}, "fired has `hallmark`, which `expect_not` forbids"),
    (
        {"inconsistencies": ["one-leg-and-both"]},
        "inconsistencies has `one-leg-and-both`, which `expect_not` forbids",
    ),
]


def sentences(assessment, expect, expect_not) -> list[str]:
    return [each.sentence for each in differences(assessment, expect, expect_not)]


@pytest.mark.parametrize("expect", MET, ids=str)
def test_what_is_so(expect):
    assert sentences(ASSESSMENT, expect, {}) == []


@pytest.mark.parametrize(("expect", "sentence"), NOT_MET, ids=str)
def test_what_is_not_so(expect, sentence):
    assert sentences(ASSESSMENT, expect, {}) == [sentence]


@pytest.mark.parametrize("expect_not", ABSENT, ids=str)
def test_what_is_not_there(expect_not):
    assert sentences(ASSESSMENT, {}, expect_not) == []


@pytest.mark.parametrize(("expect_not", "sentence"), PRESENT, ids=str)
def test_what_must_not_be_there(expect_not, sentence):
    assert sentences(ASSESSMENT, {}, expect_not) == [sentence]


@pytest.mark.parametrize(("expectation", "beginning"), MISSPELT, ids=str)
def test_a_misspelt_expectation_never_passes(expectation, beginning):
    for found in (sentences(ASSESSMENT, expectation, {}), sentences(ASSESSMENT, {}, expectation)):
        (sentence,) = found
        assert sentence.startswith(beginning)


def test_every_difference_is_told():
    expect = {"in_scope": False, "fired": ["x", "hallmark", "z"]}
    found = sentences(ASSESSMENT, expect, {"fired": ["hallmark"], "findings": ["leg_pain"]})
    assert found == [
        "in_scope is `true`, expected `false`",
        "fired has no `x`",
        "fired has no `z`",
        "fired has `hallmark`, which `expect_not` forbids",
        "findings has `leg_pain`, which `expect_not` forbids",
    ]


def test_a_base_without_triage():
    assert sentences({"triage": None}, {"triage": None}, {}) == []
    assert sentences({"triage": None}, {"triage": {"level": "urgent"}}, {}) == [
        'triage is `null`, expected `{"level": "urgent"}`'
    ]
