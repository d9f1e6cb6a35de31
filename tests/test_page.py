"""The page of one case: which questions it shows, and what it says where nothing was found."""

from __future__ import annotations

import json

import pytest
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples

from engine.experta_target import Engine
from engine.meaning.asking import Asking
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Valuation, prepare
from engine.page import page
from engine.page.advice import MOST_NAMED
from engine.page.questions import MOST_QUESTIONS
from engine.page.urgency import FIRST, NO_ALL_CLEAR
from facts.case import from_mapping

GATED = """
knowledge_base: {name: gated, version: 1}
questions:
  numb: {ask: where is it numb, kind: choices, options: {leg: leg, hand: hand, face: face}}
  tingles: {ask: does it tingle, kind: yes_no}
  groin: {ask: is the groin numb, kind: yes_no, asked_when: {any: [{numb: [leg, hand]}, {tingles: yes}]}}
  sides: {ask: on both sides, kind: yes_no, asked_when: {groin: yes}}
  aches: {ask: does it ache, kind: yes_no}
scope: {text: aching, when: {aches: yes}}
triage:
  wait: {text: wait}
  run: {text: run, red_flag: yes}
rules:
  groin: {when: {groin: yes}, then: {triage: run}, because: so, ours: yes}
  sides: {when: {sides: yes}, then: {triage: run}, because: so, ours: yes}
  face: {when: {numb: face}, then: {triage: run}, because: so, ours: yes}
  tingles: {when: {tingles: yes}, then: {triage: wait}, because: so, ours: yes}
"""
PLAIN = """
knowledge_base: {name: plain, version: 1}
questions:
  coughs: {ask: do you cough, kind: yes_no}
  age: {ask: how old, kind: number, unit: years, minimum: 0, maximum: 120}
scope: {text: adults, when: {age: {at_least: 18}}}
findings: {cough: a cough}
conditions: {cold: {text: a cold}}
advice_kinds: {home: at home}
advice: {tea: {kind: home, text: drink tea}}
rules:
  cough: {when: {coughs: yes}, then: [{finding: cough}, {give: tea}], because: so, ours: yes}
  cold: {when: {finding: cough}, then: {condition: cold, support: possible}, because: so, ours: yes}
  no-cold: {when: {coughs: no}, then: {condition: cold, counts_against: yes}, because: so, ours: yes}
  no-tea: {when: {coughs: no}, then: {hold: tea}, because: so, ours: yes}
"""
ACHES = "- does it ache (yes; no; I don't know) [aches]"
APPLIES = "Whether this applies to you at all"
OPEN = "Still unanswered, most urgent first"


@pytest.fixture
def sections(read):
    """The page of somebody's answers as headings with their lines: mark, text and notes."""

    def of(text: str, answers: dict[str, object]) -> dict[str, list[str]]:
        kb = read(text)
        case = Engine(prepare(kb)).fire(from_mapping(answers, kb.questions).answers)
        found = page(assemble(case, "somebody"), case, everything=True)
        return {each.heading: [said(line) for line in each.lines] for each in found}

    return of


def said(line) -> str:
    return f"{line.mark} {line.text} [{line.notes}]".replace(" []", "").strip()


# Which questions


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        pytest.param({"numb": ["leg"]}, ["groin", "tingles"], id="what applies already is asked"),
        pytest.param({"numb": []}, ["tingles"], id="what waits is put off"),
        pytest.param({"numb": [], "tingles": True}, ["groin"], id="what applies now"),
        pytest.param({"numb": [], "tingles": "unknown"}, ["groin"], id="nothing is left to wait for"),
        pytest.param({"numb": {"leg": False}}, ["numb", "tingles"], id="a gate that is open in part"),
        pytest.param({"numb": {"hand": True}}, ["numb", "groin", "tingles"], id="a gate true in part"),
    ],
)
def test_only_what_waits_for_another_question_is_put_off(answers, shown, sections):
    lines = sections(GATED, {"aches": True, **answers})[OPEN]
    assert [line.rpartition("[")[2][:-1] for line in lines if line[0].isdigit()] == shown


@pytest.mark.parametrize(
    ("answers", "last"),
    [
        pytest.param({}, "and 2 more, if these answers call for them", id="all wait"),
        pytest.param({"numb": ["leg"]}, "and 1 more, if these answers call for it", id="one waits"),
        pytest.param(
            {"numb": ["leg"], "groin": False},
            "2. does it tingle (yes; no; I don't know) [tingles]",
            id="none is left",
        ),
    ],
)
def test_what_is_left_out_is_counted(answers, last, sections):
    base = GATED.replace("{groin: yes}, then", "{any: [{groin: yes}, {aches: no}]}, then")
    found = sections(base.replace("scope: {text: aching, when: {aches: yes}}", ""), answers)[OPEN]
    assert found[-1] == last or last in found


def test_questions_past_the_limit_are_counted_and_only_some_wait(sections):
    asked = "".join(f"  q{at}: {{ask: q{at}, kind: yes_no}}\n" for at in range(MOST_QUESTIONS))
    rules = "".join(
        f"  q{at}: {{when: {{q{at}: yes}}, then: {{triage: run}}, because: so, ours: yes}}\n"
        for at in range(MOST_QUESTIONS)
    )
    base = GATED.replace("scope:", asked + "scope:") + rules
    assert sections(base, {"aches": True})[OPEN][-1] == "and 4 more, some only if these answers call for them"
    assert sections(base, {"aches": True, "numb": ["hand"], "groin": False})[OPEN][-1] == "and 1 more"


@pytest.mark.parametrize(
    ("numb", "options"),
    [
        ({}, "leg; hand; face; none of these; I don't know"),
        ({"leg": True}, "not answered yet: hand; face; none of these; I don't know"),
        ({"hand": False, "leg": False}, "not answered yet: face; none of these; I don't know"),
    ],
)
def test_of_a_question_answered_in_part_the_open_options_are_shown(numb, options, sections):
    lines = sections(GATED, {"aches": True, "numb": numb})[OPEN]
    assert lines[0] == f"1. where is it numb ({options}) [numb]"


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        pytest.param({}, ["Everything here is about aching.", ACHES], id="open"),
        pytest.param({"aches": True}, None, id="about this person"),
        pytest.param({"aches": False}, None, id="not about this person"),
        pytest.param({"aches": "unknown"}, None, id="not known"),
    ],
)
def test_whether_it_applies_at_all_is_asked_first(answers, shown, sections):
    found = sections(GATED, answers)
    assert found.get(APPLIES) == shown
    assert list(found).index(OPEN) > list(found).index(APPLIES) if shown else True
    assert not [line for line in found[OPEN] if "does it ache" in line]


def test_what_the_scope_waits_for_and_nobody_knows_is_said(sections):
    found = sections(GATED, {"aches": "unknown"})["Still open, because the answer is not known"]
    assert found[0] == "- does it ache [aches]"


@examples(25, 60)
@given(bases_with_cases(cases=3))
def test_every_open_question_is_shown_or_waits_for_one_that_is(read, drawn):
    text, people = drawn
    prepared = prepare(read(text))
    engine = Engine(prepared)
    for answers in people:
        case = engine.fire(from_mapping(answers, prepared.kb.questions).answers)
        assessment = assemble(case, "somebody")
        lines = [line for each in page(assessment, case, everything=True) for line in each.lines]
        asked = {line.notes for line in lines if line.notes in prepared.kb.questions}
        hidden = [name for name in assessment.ask_next if name not in asked]
        assert all(case.value(f"asked:{name}") is None for name in hidden)
        assert asked or not hidden
        behind = Asking(case).questions_behind(["scope"]) if prepared.kb.scope else []
        assert not {*behind} - asked - hidden_by(case, asked) or len(behind) > MOST_QUESTIONS


def hidden_by(case: Valuation, asked: set[str]) -> set[str]:
    """The questions that wait for one that is asked, or for one that waits itself."""
    waiting = {name for name in case.prepared.kb.asked_when if case.value(f"asked:{name}") is None}
    return {name for name in waiting if asked & {*Asking(case).questions_behind([f"asked:{name}"])}}


# Nothing found, outside, and articles that are silent


def test_without_levels_a_page_says_that_nothing_applies(sections):
    found = sections(PLAIN, {"coughs": False, "age": 40})
    assert found["Nothing here applies"] == [
        "Every question that could change this is answered. None of these applies:",
        "✗ a cough",
        "✗ a cold",
        "✗ drink tea",
    ]
    assert "Still unanswered" not in found


UNSETTLED = "Not settled: open answers could still make it “run”."
NO_LEVEL = "Every question that could give a level is answered. None of these levels applies:"
UNLEVELLED = GATED.replace("scope:", "findings: {sore: soreness}\nscope:") + (
    "  sore: {when: {aches: yes}, then: {finding: sore}, because: so, ours: yes}\n"
)


@pytest.mark.parametrize(
    ("base", "aches", "heading", "more"),
    [
        (GATED, False, "Nothing here applies", []),
        (GATED, "unknown", "Nothing here applies", []),
        (
            UNLEVELLED,
            "unknown",
            "Nothing here applies",
            ["Open questions could still change the rest of this page."],
        ),
        (UNLEVELLED, True, "No level applies", []),
    ],
)
def test_where_no_level_applies_a_page_says_which_and_that_it_is_settled(
    base, aches, heading, more, sections
):
    found = sections(base, {"numb": [], "tingles": False, "aches": aches})
    assert found[heading] == [NO_ALL_CLEAR, NO_LEVEL, "✗ run", "✗ wait", *more]
    assert len({"Nothing here applies", "No level applies", "No level yet"} & set(found)) == 1


@pytest.mark.parametrize(
    ("answers", "heading", "lines"),
    [
        ({"numb": [], "tingles": True}, "wait", ["- so [ours]"]),
        ({"tingles": True}, "No level yet", [FIRST, UNSETTLED]),
        ({"numb": [], "tingles": False}, "Nothing here applies", [NO_ALL_CLEAR, NO_LEVEL, "✗ run"]),
    ],
    ids=["settled", "something higher is open", "it does not apply"],
)
def test_a_level_that_reassures_is_named_only_where_it_is_settled(answers, heading, lines, sections):
    base = GATED.replace("wait: {text: wait}", "wait: {text: wait, reassures: yes}")
    base = base.replace("{any: [{numb: [leg, hand]}, {tingles: yes}]}", "{numb: [leg, hand]}")
    found = sections(base, {"aches": False, **answers})
    assert found[heading] == lines
    assert ("wait" in found) == (heading == "wait")


def test_where_a_level_may_still_apply_no_page_says_that_none_does(sections):
    found = sections(GATED, {"numb": [], "aches": False})
    assert found["No level yet"] == [FIRST, UNSETTLED]
    assert "Nothing here applies" not in found


@pytest.mark.parametrize("answers", [{}, {"age": 40}, {"coughs": "unknown"}])
def test_without_levels_nothing_found_yet_is_no_all_clear(answers, sections):
    found = sections(PLAIN, answers)
    assert found["Nothing found yet"] == ["Not settled: open questions could still change this."]
    assert "Nothing here applies" not in found


def test_without_levels_what_is_found_speaks_for_itself(sections):
    found = sections(PLAIN, {"coughs": True, "age": 40})
    assert not {"Nothing here applies", "Nothing found yet"} & set(found)
    assert found["What the answers show"] == ["- a cough"]


@pytest.mark.parametrize(("more", "last"), [(9, "✗ sign 8"), (10, "and 1 more")])
def test_a_long_list_of_what_does_not_apply_is_cut(more, last, sections):
    names = "".join(f", sign-{at}: sign {at}" for at in range(more))
    rules = "".join(
        f"  sign-{at}: {{when: {{coughs: yes}}, then: {{finding: sign-{at}}}, because: so, ours: yes}}\n"
        for at in range(more)
    )
    base = PLAIN.replace("{cough: a cough}", f"{{cough: a cough{names}}}") + rules
    lines = sections(base, {"coughs": False, "age": 40})["Nothing here applies"]
    assert (len(lines), last in lines) == (13 if more == 9 else 14, True)


@pytest.mark.parametrize(
    ("base", "warns"),
    [
        (GATED, True),
        (GATED.replace(", red_flag: yes", ""), False),
        (PLAIN, False),
    ],
)
def test_warning_signs_are_spoken_of_only_where_there_are_any(base, warns, sections):
    outside = sections(base, {"aches": False} if "aches" in base else {"age": 3})
    lines = outside["Outside what the articles cover"]
    assert ("The warning signs still apply." in lines) is warns


SOURCES = """
knowledge_base: {name: articles, version: 1}
sources: {A1: {title: first}, A2: {title: second}, A3: {title: third}}
claims:
  A1-1: {source: A1, claim: so}
  A2-1: {source: A2, claim: so}
  A3-1: {source: A3, claim: so}
questions: {coughs: {ask: do you cough, kind: yes_no}, sleeps: {ask: do you sleep, kind: yes_no}}
findings: {cough: a cough}
triage: {wait: {text: wait}, run: {text: run}}
rules:
  dry: {when: {coughs: no}, then: {triage: wait}, because: so, ours: yes}
  first: {when: {coughs: yes}, then: {triage: run}, because: so, claims: [A1-1]}
  second: {when: {sleeps: yes}, then: SECOND, because: so, claims: [A2-1]}
  third: {when: {coughs: yes}, then: {finding: cough}, because: so, claims: [A3-1]}
"""


@pytest.mark.parametrize(
    ("second", "answers", "differ"),
    [
        ("{finding: cough}", {"coughs": True}, []),
        ("{triage: run}", {"coughs": True, "sleeps": True}, []),
        ("{triage: run}", {"coughs": True, "sleeps": False}, ["A1", "A2"]),
        ("{triage: wait}", {"coughs": True, "sleeps": True}, ["A1", "A2"]),
    ],
)
def test_an_article_without_a_triage_rule_does_not_differ(second, answers, differ, sections):
    lines = sections(SOURCES.replace("SECOND", second), answers).get("Where the articles differ", [])
    assert [line.split()[0] for line in lines if " alone (" in line] == differ


# Advice that waits


@pytest.mark.parametrize(
    ("waiting", "notes"),
    [
        (MOST_NAMED - 1, "[q0, q1]"),
        (MOST_NAMED, "[q0, q1, q2]"),
        (MOST_NAMED + 1, "[q0, q1, q2 and 1 more]"),
        (MOST_NAMED + 2, "[q0, q1, q2 and 2 more]"),
    ],
)
def test_the_questions_behind_a_hold_are_named_up_to_three(waiting, notes, sections):
    names = [f"q{at}" for at in range(waiting)]
    base = {
        "knowledge_base": {"name": "holds", "version": "1"},
        "questions": {name: {"ask": name, "kind": "yes_no"} for name in names},
        "advice_kinds": {"home": "At home"},
        "advice": {"tea": {"kind": "home", "text": "drink tea"}},
        "rules": {
            "helps": {"when": "always", "then": {"give": "tea"}, "because": "so", "ours": True},
            "harms": {
                "when": {"any": [{name: True} for name in names]},
                "then": {"hold": "tea"},
                "because": "so",
                "ours": True,
            },
        },
    }
    lines = sections(json.dumps(base), {})["Only if none of these applies"]
    assert lines[0].endswith(notes)
