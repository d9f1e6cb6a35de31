"""Mutants and MC/DC: each kind is made, what changes nothing is proved so, every case that is shown kills."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from math import prod
from pathlib import Path

import pytest
from conftest import BUNDLED
from generators import bases_with_cases
from hypothesis import assume, given
from jsonschema import Draft202012Validator
from sweeps import examples
from test_change import every_answer
from test_verify import clashes

import engine
from engine.coverage.mcdc.measure import Conditions
from engine.coverage.mutation.killing import Suite, unmet, with_definitions
from engine.coverage.mutation.measure import Mutation
from engine.coverage.mutation.mutant import KINDS
from engine.coverage.mutation.mutants import mutants
from engine.coverage.mutation.telling import telling
from engine.loading import load
from engine.meaning.assembly import assemble
from engine.meaning.holds import holds, total
from engine.meaning.valuation import Valuation, prepare
from facts.case import Case, from_mapping
from facts.files.cases import read_cases

SCHEMA = json.loads(
    (Path(engine.__file__).parent / "schemas" / "coverage.schema.json").read_text(encoding="utf-8")
)
MOST_CASES = 500
"""Maximum number of cases that are tried one by one."""

BASE = """
knowledge_base: {name: small}
questions:
  weeks: {ask: How long?, kind: number, unit: weeks, minimum: 0, maximum: 100}
  strong: {ask: How strong?, kind: choice, options: {mild: mild, some: some, severe: severe}}
  signs: {ask: Which signs?, kind: choices, options: {fever: fever, chills: chills, rash: rash}}
  fell: {ask: Did you fall?, kind: yes_no}
triage:
  wait: {text: Wait}
  see: {text: See somebody}
  go: {text: Go now, red_flag: true, do: Go., sooner: Go if, signs: [you faint]}
findings: {ill: signs of an illness}
conditions: {flu: {text: influenza}, cold: {text: a cold}}
advice_kinds: {now: Now}
advice: {rest: {kind: now, text: Rest.}, walk: {kind: now, text: Walk.}}
scores:
  points:
    text: points
    ours: true
    parts:
      - {points: 2, when: {fell: yes}}
      - {question: strong, points: {some: 1, severe: 2}}
      - {question: weeks, bands: [{below: 6, points: 0}, {below: 12, points: 1}, {points: 2}]}
rules:
  long: {when: {strong: [some, severe], weeks: {at_least: 6}}, then: {triage: see}, because: b, ours: true}
  mild: {when: {strong: mild}, then: [{triage: wait}, {give: [rest, walk]}], because: b, ours: true}
  hot: {when: {signs: [fever, chills]}, then: [{triage: go}, {finding: ill}], because: b, ours: true}
  many: {when: {signs: {at_least: 2}}, then: {condition: flu, support: typical}, because: b, ours: true}
  two:
    when: {at_least: {count: 2, of: [{fell: yes}, {signs: rash}, {strong: severe}]}}
    then: {triage: go}
    because: b
    ours: true
  often:
    when: {score: {points: {at_least: 4}}}
    then: {condition: cold, support: possible}
    because: b
    ours: true
  either:
    when: {any: [{signs: rash}, {fell: yes}]}
    then: [{hold: walk}, {condition: cold, counts_against: true}]
    because: b
    ours: true
"""
TOO_LITTLE = [Case("nothing", {}, expect={"fired": "none"})]


@pytest.fixture
def base(read):
    return read(BASE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_mutant_is_made_survives_too_few_cases_and_is_killed_by_the_case_shown(kind, base):
    mutation = Mutation(base, TOO_LITTLE)
    own = [each for each in mutants(base) if each.kind == kind]
    assert own
    both = zip(own, mutation.suite.killing(own), strict=True)
    judged = [mutation._judged(mutant, killed) for mutant, killed in both]
    survivors = [each for each in judged if each.verdict == "survived"]
    assert survivors
    for each in survivors:
        case = mutation.missing(each)
        complete = Case("shown", case.answers, expect=case.expect, expect_not=case.expect_not)
        suite = Suite(base, [complete])
        assert not suite.failing
        (killed,) = suite.killing([each.mutant])
        assert killed is not None, (each.mutant.where, each.mutant.said)


def test_a_mutant_that_changes_nothing_is_equivalent_and_not_counted(read):
    text = BASE.replace("when: {strong: mild}", "when: {all: [{strong: mild}, {not: {strong: severe}}]}")
    kb = read(text)
    score = Mutation(kb, TOO_LITTLE).score({"mild"})
    equivalent = {each.mutant.said for each in score.judged if each.verdict == "equivalent"}
    assert "without `not: strong: severe`" in equivalent
    assert score.counted == len(score.judged) - len(equivalent) < len(score.judged)


def test_a_count_is_moved_and_loses_one_of_its_ends(read):
    counts = """{exactly: {count: 2, of: [{fell: yes}, {signs: rash},
      {at_most: {count: 1, of: [{strong: severe}, {signs: fever}, {signs: chills}]}}]}}"""
    text = BASE.replace("when: {strong: mild}", f"when: {counts}")
    said = {each.said for each in mutants(read(text)) if each.where == "rule mild" and each.kind == "count"}
    assert said == {
        "with exactly 1 in place of 2 of these parts",
        "with exactly 3 in place of 2 of these parts",
        "with at least in place of exactly 2 of these parts",
        "with at most in place of exactly 2 of these parts",
        "with at most 2 in place of 1 of these parts",
    }


def test_another_level_that_would_make_a_rule_depend_on_itself_is_no_mutant(read):
    up = "  up: {when: {triage_at_least: go, fell: yes}, then: {triage: see}, because: b, ours: true}\n"
    text = BASE.replace("rules:\n", f"rules:\n{up}")
    levels = [each.said for each in mutants(read(text)) if each.kind == "level" and each.where == "rule up"]
    assert levels == ["with the level `wait` in place of `see`"]


def test_a_property_kills_too(read):
    safe = BASE + (
        "safety:\n  hot-goes: {when: {signs: fever}, must: {triage_at_least: go}, because: b, ours: true}\n"
    )
    kb = read(safe)
    hot = from_mapping({"signs": ["fever"]}, kb.questions, "hot")
    score = Mutation(kb, [hot]).score({"hot"})
    killed = {each.mutant.said: each.killed for each in score.judged if each.killed}
    assert killed["with the level `see` in place of `go`"].property == "hot-goes"


def test_a_case_that_does_not_give_what_it_expects_notices_nothing(base):
    case = from_mapping({"signs": ["fever"]}, base.questions, "hot")
    failing = replace(case, expect={"triage": {"level": "wait"}})
    mutation = Mutation(base, [failing])
    assert [each.id for each in mutation.suite.failing] == ["hot"]
    assert mutation.score().killed == 0


# Against brute force


def loaded(text, folder):
    (folder / "base.yaml").write_text(text, encoding="utf-8")
    return load(folder)


@examples(3, 12)
@given(bases_with_cases(cases=0, small=True))
def test_equivalent_is_what_no_case_without_a_clash_tells_apart(tmp_path_factory, drawn):
    kb = loaded(drawn[0], tmp_path_factory.mktemp("kb"))
    ways = [[None, *every_answer(question)] for question in kb.questions.values()]
    assume(prod(map(len, ways)) <= MOST_CASES)
    people = [
        {name: each for name, each in zip(kb.questions, answers, strict=True) if each not in (None, {})}
        for answers in product(*ways)
    ]
    before = with_definitions(kb)
    people = [answers for answers in people if not clashes(Valuation(before, answers))]
    mutation = Mutation(kb, [])
    for mutant in list(mutants(kb))[:40]:
        after = with_definitions(mutant.kb)
        differ = any(
            any(telling(*(assemble(Valuation(each, answers), "case") for each in (before, after))))
            for answers in people
        )
        judged = mutation._judged(mutant, None)
        assert (judged.verdict == "survived") is differ, (mutant.where, mutant.said)
        if differ:
            mutation.missing(judged)


def differs(case, *both):
    """Whether some definition has another truth, or a rule another conclusion."""
    one, other = (Valuation(each, case.answers) for each in both)
    kb, changed = both[0].kb, both[1].kb
    scores = [[total(case.score(name), case) for name in kb.scores] for case in (one, other)]
    concludes = [id for id, rule in kb.rules.items() if rule.then != changed.rules[id].then]
    return (
        scores[0] != scores[1]
        or any(one.value(f"rule:{id}") is not False for id in concludes)
        or any(one.value(name) is not other.value(name) for name in both[0].definitions)
    )


@examples(10, 30)
@given(bases_with_cases(small=True))
def test_a_mutant_is_killed_where_a_case_run_with_it_fails(tmp_path_factory, drawn):
    """What is evaluated only in part and from stored truths, against everything from the beginning."""
    text, people = drawn
    kb = loaded(text, tmp_path_factory.mktemp("kb"))
    prepared = prepare(kb)
    cases = []
    for at, answers in enumerate(people):
        case = from_mapping(answers, kb.questions, f"c{at}")
        found = assemble(Valuation(prepared, case.answers), case.id)
        expect = {
            "fired": {"exactly": list(found.fired)} if found.fired else "none",
            "ask_next": {"exactly": list(found.ask_next)} if found.ask_next else "none",
            "advice": {"given": {"exactly": [each.item for each in found.advice.given]}}
            if found.advice.given
            else {"given": "none"},
            **(
                {"triage": {"level": found.triage.level, "settled": found.triage.settled}}
                if kb.levels
                else {}
            ),
        }
        cases.append(replace(case, expect=expect))
    suite = Suite(kb, cases)
    assert not suite.failing
    own = list(mutants(kb))[:60]
    for mutant, killed in zip(own, suite.killing(own), strict=True):
        other = prepare(mutant.kb)
        differing = [case for case in cases if differs(case, prepared, other)]
        failing = [case.id for case in differing if unmet(case, Valuation(other, case.answers))]
        if killed is None:
            assert not failing, (mutant.where, mutant.said)
        elif not killed.property:
            assert killed.case in failing


# MC/DC


def test_each_part_option_and_bound_needs_its_own_case(base):
    conditions = Conditions(base, [])
    extent = conditions.extent()
    said = {each.goal.said for each in extent.gaps}
    assert {
        "`weeks: at_least 6` is true and rule `long` depends on it alone",
        "`weeks: at_least 6` is false and rule `long` depends on it alone",
        "`weeks: 5` is given and rule `long` depends on it alone",
        "`weeks: 6` is given and rule `long` depends on it alone",
        "`weeks: 7` is given and rule `long` depends on it alone",
        "`strong: some` is chosen and rule `long` depends on it alone",
        "`signs: fever` is chosen and no other of its list and rule `hot` depends on it alone",
        "`signs: 1 chosen` is given and rule `many` depends on it alone",
        "`score points: 4` is given and rule `often` depends on it alone",
        "`weeks: 11` in line 3 of score `points` decides a bound",
        "`weeks: 12` in line 3 of score `points` decides a bound",
    } <= said
    cases = [Case(f"c{at}", conditions.missing(each.goal).answers) for at, each in enumerate(extent.gaps)]
    after = Conditions(base, cases).extent()
    assert after.gaps == []
    assert after.shown == after.counted == extent.counted


def test_what_cannot_decide_by_proof_is_not_counted(read):
    text = BASE.replace("when: {strong: mild}", "when: {all: [{strong: mild}, {not: {strong: severe}}]}")
    extent = Conditions(read(text), []).extent().of_rules(["mild"])
    assert [each.goal.said for each in extent.reached if each.verdict == "impossible"] == [
        "`not: strong: severe` is false and rule `mild` depends on it alone"
    ]


@examples(4, 25)
@given(bases_with_cases(cases=0, small=True))
def test_a_goal_is_impossible_if_no_case_without_a_clash_reaches_it(tmp_path_factory, drawn):
    kb = loaded(drawn[0], tmp_path_factory.mktemp("kb"))
    ways = [[None, *every_answer(question)] for question in kb.questions.values()]
    assume(prod(map(len, ways)) <= MOST_CASES)
    conditions = Conditions(kb, [])
    people = [
        {name: each for name, each in zip(kb.questions, answers, strict=True) if each not in (None, {})}
        for answers in product(*ways)
    ]
    people = [Valuation(conditions.prepared, answers) for answers in people]
    people = [case for case in people if not clashes(case)]
    for each in conditions.extent().reached:
        is_reached = any(
            all((holds(claim.part, case) is claim.truth) is claim.holds for claim in each.goal.claims)
            for case in people
        )
        assert (each.verdict == "missing") is is_reached, each.goal.said
        if is_reached:
            conditions.missing(each.goal)


# The bundled knowledge base


@pytest.fixture(scope="module")
def examples_of_base(kb):
    return [each for each in read_cases([BUNDLED / "cases"], kb.questions) if isinstance(each, Case)]


def test_everything_that_can_decide_alone_does_so_in_some_case(kb, examples_of_base):
    """All parts and edges of red flags must; of the others, all did when this was written."""
    extent = Conditions(kb, examples_of_base).extent()
    flags = extent.of_rules([rule.id for rule in kb.rules.values() if kb.is_red_flag(rule)])
    assert [each.goal.said for each in flags.gaps] == []
    assert len(extent.gaps) < extent.counted / 100, [each.goal.said for each in extent.gaps]


def test_the_cases_notice_small_changes(kb, examples_of_base):
    """A sample; `.ci/run` tries all of them."""
    mutation = Mutation(kb, examples_of_base)
    own = list(mutants(kb))[::120]
    judged = [mutation._judged(*each) for each in zip(own, mutation.suite.killing(own), strict=True)]
    survivors = [f"{each.mutant.where} {each.mutant.said}" for each in judged if each.verdict == "survived"]
    assert len(survivors) <= len(own) / 20, survivors


def test_few_minutes_are_five_and_not_ten(kb, examples_of_base):
    bounds = [each for each in mutants(kb) if each.where == "rule pain-within-minutes"]
    moved = [each for each in bounds if each.kind == "threshold"]
    assert len(moved) == 2
    assert all(Suite(kb, examples_of_base).killing(moved))


# The command


def test_what_is_missing_is_shown_saved_and_counted(run, write):
    write("base.yaml", BASE)
    write("cases.yaml", "- {id: one, about: a, answers: {strong: mild}, expect: {fired: [mild]}}\n")
    words = ["coverage", "base.yaml", "cases.yaml", "--mcdc", "--mutate"]
    shown = run(*words)
    assert shown.exit_code == 0, shown.stderr
    assert "warning[mcdc-gap]: no case in which" in shown.stdout
    assert "warning[mutant-survives]: no case notices rule long without" in shown.stdout
    assert "more, which `--all` shows" in shown.stdout
    limits = run(*words, "--mcdc-threshold", "100", "--mutate-threshold", "100", "--red-flags", "0")
    assert limits.exit_code == 1
    assert "of MC/DC is shown, less than 100 %" in limits.stderr
    assert "of the mutants are killed, less than 100 %" in limits.stderr
    assert run("coverage", "base.yaml", "cases.yaml", "--mutate-threshold", "0").exit_code == 0


def test_the_saved_cases_pass_kill_and_wait_for_a_person(run, write):
    write("base.yaml", BASE)
    write("cases.yaml", "- {id: one, about: a, answers: {strong: mild}, expect: {fired: [mild]}}\n")
    saved = run("coverage", "base.yaml", "cases.yaml", "--mcdc", "--mutate", "--write-cases", ".")
    assert saved.exit_code == 0, saved.stderr
    text = Path("missing.yaml").read_text(encoding="utf-8")
    tested = run("test", "missing.yaml", "--kb", "base.yaml")
    assert "remove" in text
    assert tested.exit_code == 1
    lines = [line for line in text.splitlines() if not line.startswith("  todo:")]
    write("confirmed.yaml", "\n".join(lines))
    assert run("test", "confirmed.yaml", "--kb", "base.yaml").exit_code == 0
    full = run(
        *["coverage", "base.yaml", "cases.yaml", "confirmed.yaml"],
        *["--mcdc-threshold", "100", "--mutate-threshold", "100", "--red-flags", "100"],
    )
    assert full.exit_code == 0, full.stdout + full.stderr
    again = run("coverage", "base.yaml", "cases.yaml", "--mutate", "--write-cases", ".")
    assert again.exit_code == 2
    assert "this file has cases from an earlier run" in again.stderr


def test_the_document_fits_its_schema(run, write):
    write("base.yaml", BASE)
    write("cases.yaml", "- {id: one, about: a, answers: {strong: mild}, expect: {fired: [mild]}}\n")
    document = json.loads(run("coverage", "base.yaml", "cases.yaml", "--mcdc", "--mutate", "--json").stdout)
    Draft202012Validator(SCHEMA).validate(document)
    assert document["mutants"]["figures"][-1]["name"] == "all"
    assert {each["name"] for each in document["mcdc"]["figures"]} >= {"all", "red flags"}
    assert document["mutants"]["missing"][0]["case"]["answers"]


def test_cases_are_written_only_where_some_are_looked_for(run, write):
    write("base.yaml", BASE)
    found = run("coverage", "base.yaml", "--write-cases", ".")
    assert found.exit_code == 2
    assert "only --mcdc and --mutate find cases to write" in found.stderr
