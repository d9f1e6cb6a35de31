"""Proofs: what each kind finds in its bad example and not in its good one, and that they can be trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import prod
from pathlib import Path

import jsonschema
import pytest
from bench.bench_verify import generated
from checking import examined
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples
from test_change import every_answer
from z3 import is_true

from engine.checks.examination import examination
from engine.checks.page import page_of
from engine.loading import load
from engine.meaning.definitions import parts_of
from engine.meaning.holds import holds
from engine.meaning.valuation import Valuation, prepare, questions_of
from engine.model.parts import Ref
from engine.model.scores import Times
from engine.proofs import KINDS, verify
from engine.proofs.monotone import effects, staying
from engine.proofs.parts import inner_parts
from engine.proofs.proving import Proving, Unconfirmed
from engine.proofs.urgency import red_flags_have_a_level, red_flags_never_lower
from engine.solver.completions import Completions
from engine.solver.guided import guided
from engine.solver.shown import Shown
from engine.solver.turned import Turn
from engine.solver.ways import unchanged
from engine.solver.world import World, false, true
from facts.case import from_mapping
from facts.vocabulary import UNKNOWN, Choice, Choices, YesNo

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "engine" / "schemas" / "verify.schema.json").read_text(encoding="utf-8"))
PAGES = [kind for kind in KINDS if kind != "property-violated"]
BY_FORM = {"level-can-fall", "red-flag-lowers"}
"""What can be proved from the form of the rules alone, without the solver."""
DEEP = {"open-though-decided"}
MOST_CASES = 3_000
"""Maximum number of cases that are tried one by one."""
EACH_KIND = pytest.mark.parametrize("kind", PAGES)


def violated(folder, example, is_deep=False):
    common = str(folder / "common.yaml")
    results = verify(examined(folder, example.text), is_deep=is_deep)
    return [each for each in results if each.status == "violated" and each.problem.span.file != common]


@EACH_KIND
def test_the_bad_example_has_this_fault_and_no_other(kind, tmp_path):
    found = violated(tmp_path / "kb", page_of(kind).bad, kind in DEEP)
    assert [each.kind for each in found] == [kind], [each.problem.message for each in found]


@EACH_KIND
def test_the_good_example_has_none(kind, tmp_path):
    found = violated(tmp_path / "kb", page_of(kind).good, kind in DEEP)
    assert found == [], [each.problem.message for each in found]


# Trusted because it is tested


def loaded(text, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "base.yaml").write_text(text, encoding="utf-8")
    return load(folder)


def fixed(world, answers):
    """The formulas that make the case of a world this one."""
    for name, open_ in world.coding.answers.items():
        yield unchanged(open_, answers.get(name))


@examples(15, 60)
@given(bases_with_cases())
def test_the_formulas_of_a_whole_base_mean_what_holds_means(tmp_path_factory, drawn):
    text, people = drawn
    kb = loaded(text, tmp_path_factory.mktemp("kb"))
    world = World(kb)
    prepared = replace(prepare(kb), definitions=world.named)
    for answers in people:
        case = from_mapping(answers, kb.questions)
        known = {
            name: answer for name, answer in case.answers.items() if answer is not UNKNOWN and answer != {}
        }
        valuation = Valuation(prepared, case.answers)
        model = world.check(list(fixed(world, known)))
        assert model is not None
        for name in world.named:
            true, false = (is_true(model.eval(side, True)) for side in world.rails(Ref(name)))
            assert (True if true else False if false else None) is valuation.value(name), name
            assert not (true and false)


@examples(6, 50)
@given(bases_with_cases(cases=0, small=True))
def test_what_is_possible_is_what_some_case_shows(tmp_path_factory, drawn):
    """All cases of a small base, one by one, against one query."""
    kb = loaded(drawn[0], tmp_path_factory.mktemp("kb"))
    ways = [[None, *every_answer(question)] for question in kb.questions.values()]
    if prod(map(len, ways)) > MOST_CASES:
        return
    world = World(kb)
    prepared = replace(prepare(kb), definitions=world.named)
    seen, unclashed = set(), set()
    for answers in product(*ways):
        given = {
            name: each for name, each in zip(kb.questions, answers, strict=True) if each not in (None, {})
        }
        case = Valuation(prepared, given)
        found = {(name, case.value(name)) for name in world.named}
        seen |= found
        unclashed |= set() if clashes(case) else found
    for name in world.named:
        for claim, truth in ((true(name), True), (false(name), False)):
            assert world.is_possible([claim], clashing=True) is ((name, truth) in seen)
            assert world.is_possible([claim]) is ((name, truth) in unclashed)


@examples(15, 60)
@given(bases_with_cases())
def test_what_cases_show_at_once_is_what_holds_means_one_by_one(tmp_path_factory, drawn):
    text, people = drawn
    kb = loaded(text, tmp_path_factory.mktemp("kb"))
    world = World(kb)
    prepared = replace(prepare(kb), definitions=world.named)
    cases = [from_mapping(answers, kb.questions).answers for answers in people]
    cases += guided(kb, world.named, [[(Ref(name), True)] for name in world.named], seed=0)
    shown = Shown(world.coding.network, cases)
    parts = [Ref(name) for name in world.named]
    parts += [inner.with_never for rule in kb.rules.values() for inner in inner_parts(rule.when)]
    parts += [each for rule in kb.rules.values() for each in parts_of(rule.when)]
    for at, answers in enumerate(cases):
        case = Valuation(prepared, answers)
        assert bool(shown.clashing >> at & 1) is clashes(case)
        assert bool(shown.honest >> at & 1) is is_honest(case)
        for question in kb.questions:
            assert bool(shown.answered(question) >> at & 1) is case.is_answered(question)
        for part in parts:
            true, false = (bool(side >> at & 1) for side in shown.of(part))
            assert (True if true else False if false else None) is holds(part, case), part
            assert not (true and false)


def test_cases_are_drawn_so_that_little_is_left_for_the_solver():
    """Whatever is possible without contradictions is mostly drawn, so that the solver is not asked."""
    kb = load(ROOT / "kb")
    world = World(kb)
    goals = [[side(name)] for name in world.named for side in (true, false)]
    world.draw(goals)
    possible = [goal for goal in goals if world.is_possible(goal)]
    assert 0 < len(possible) < len(goals)
    assert world.queries - (len(goals) - len(possible)) < len(possible) / 5


@examples(6, 40)
@given(bases_with_cases(small=True))
def test_a_small_case_is_as_small_if_it_begins_with_a_drawn_one(tmp_path_factory, drawn):
    kb = loaded(drawn[0], tmp_path_factory.mktemp("kb"))
    alone, helped = World(kb), World(kb)
    claims = [[side(name)] for name in list(alone.named)[::3] for side in (true, false)]
    helped.draw(claims)
    prepared = replace(prepare(kb), definitions=alone.named)
    for goal in claims:
        for clashing in (True, False):
            one, other = alone.find(goal, clashing), helped.find(goal, clashing)
            assert (one is None) is (other is None)
            if one is not None:
                assert is_honest(Valuation(prepared, one)) is is_honest(Valuation(prepared, other))
                assert len(one) == len(other)


def test_where_much_is_violated_drawn_cases_show_the_same(tmp_path, monkeypatch):
    """Red flags of a generated base, with smallest cases and with those that were drawn."""
    path = tmp_path / "base.yaml"
    path.write_text(generated(160), encoding="utf-8")
    given = examination(load(path), str(path), None)

    def shown():
        proving = Proving(given)
        return [
            each for function in (red_flags_never_lower, red_flags_have_a_level) for each in function(proving)
        ]

    smallest = shown()
    monkeypatch.setattr("engine.proofs.proving.MOST_SMALLEST", 0)
    drawn = shown()
    assert [(each.name, each.status) for each in drawn] == [(each.name, each.status) for each in smallest]
    sizes = [
        (len(one.witness.answers), len(other.witness.answers))
        for one, other in zip(smallest, drawn, strict=True)
        if one.witness
    ]
    assert len(sizes) > 10
    assert all(one <= other for one, other in sizes)
    assert any(one < other for one, other in sizes)


@examples(10, 40)
@given(bases_with_cases(cases=0, small=True))
def test_a_core_is_the_one_that_is_left_if_each_claim_is_tried(tmp_path_factory, drawn):
    kb = loaded(drawn[0], tmp_path_factory.mktemp("kb"))
    world = World(kb)
    names = [Ref(name) for name in world.named][:12]
    for one in names:
        claims = [~true(each) for each in names]
        if world.is_possible([true(one), *claims]):
            continue
        kept = claims
        for each in claims:
            without = [other for other in kept if other is not each]
            kept = kept if world.is_possible([true(one), *without]) else without
        assert world.core(claims, [true(one)]) == kept


def clashes(case):
    kb = case.prepared.kb
    return any(case.value(f"inconsistency:{name}") for name in kb.consistency) or any(
        case.is_answered(name) and case.value(f"asked:{name}") is False for name in kb.asked_when
    )


@examples(6, 50)
@given(bases_with_cases())
def test_whatever_is_found_on_a_drawn_base_experta_confirms(tmp_path_factory, drawn):
    """`verify` replays every witness and raises `Unconfirmed` if experta shows something else."""
    text, people = drawn
    kb = loaded(text, tmp_path_factory.mktemp("kb"))
    results = verify(examination(kb, "kb", None))
    dead = {each.name for each in results if each.kind == "rule-never-fires" and each.status == "violated"}
    prepared = prepare(kb)
    for answers in people:
        case = Valuation(prepared, from_mapping(answers, kb.questions).answers)
        assert clashes(case) or not any(case.value(name) for name in dead)


def test_a_witness_that_experta_does_not_confirm_is_no_witness(tmp_path):
    proving = Proving(examined(tmp_path / "kb", ""))
    with pytest.raises(Unconfirmed):
        proving.replayed({"fever": True}, [false("rule:common-ill")])


def test_what_time_does_not_suffice_for_is_undecided_and_never_proved(tmp_path):
    results = verify(examined(tmp_path / "kb", ""), seconds=0)
    assert {each.status for each in results if each.kind not in BY_FORM} == {"undecided"}


def test_a_witness_is_as_small_as_can_be_and_whoever_is_asked_more_was_asked_before(tmp_path):
    text = """\
safety:
  never-at-once:
    when: {weakness_onset: rapid}
    never: {triage_at_least: emergency}
    because: Nobody is to be sent there.
    ours: true
"""
    results = verify(examined(tmp_path / "kb", text))
    (found,) = [each for each in results if each.status == "violated"]
    assert found.witness.answers == {"weak_legs": True, "weakness_onset": "rapid"}
    assert found.rules == ("common-emergency",)


# The command


@pytest.mark.sweep
def test_the_bundled_base_is_proved(run):
    """Every property holds for every possible case; what does not is allowed with a reason.

    The page about proofs shows it among all tests, too.
    """
    result = run("verify", "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    jsonschema.validate(document, SCHEMA)
    assert document["violated"] == document["undecided"] == 0
    assert document["proved"] == len(document["properties"]) > 1_500
    assert {each["kind"] for each in document["properties"]} >= {
        "property-violated",
        "covered",
        "never-reached",
    }


BASE = """\
knowledge_base: {name: small}
questions:
  strong: {ask: How strong is it?, kind: choice, options: {mild: mild, severe: severe}}
triage: {wait: {text: Wait}, go: {text: Go now}}
rules:
  to-wait:
    when: {strong: mild}
    then: {triage: wait}
    because: It passes.
    ours: true
  to-go:
    when: {strong: severe}
    then: {triage: go}
    because: It does not pass.
    ours: true
safety:
  severe-is-urgent:
    when: {strong: severe}
    must: {triage_at_least: go}
    because: Severe pain cannot wait.
    ours: true
"""
COVERED = """\
  # cartsign: allow covered because it is an example
  once-more:
    when: {strong: severe}
    then: {triage: wait}
    because: It cannot be said too often.
    ours: true
"""
UNSAFE = BASE.replace("when: {strong: severe}\n    then", "when: {strong: mild}\n    then")


def test_what_is_violated_is_shown_with_a_case_and_saved_as_one(run, write):
    write("base.yaml", UNSAFE)
    result = run("verify", "base.yaml", "--write-cases", ".")
    assert result.exit_code == 1
    assert "base.yaml:17:3: warning[property-violated]: the property `severe-is-urgent`" in result.stdout
    assert "  for example:\n    strong: severe\n" in result.stdout
    saved = Path("verified.yaml").read_text(encoding="utf-8")
    assert 'id: "property-violated-property-severe-is-urgent"' in saved
    assert "    strong: severe\n  todo:" in saved
    again = run("verify", "base.yaml", "--write-cases", ".")
    assert again.exit_code == 2
    assert "this file has cases from an earlier run" in again.stderr
    assert Path("verified.yaml").read_text(encoding="utf-8") == saved


def test_in_too_little_time_nothing_is_called_proved(run, write, monkeypatch):
    monkeypatch.setattr("engine.proofs.monotonic", lambda: -1e9)
    write("base.yaml", BASE)
    result = run("verify", "base.yaml")
    assert result.exit_code == 3
    assert "1 undecided: property-violated" in result.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["base.yaml"], 0, "proved for every possible case"),
        (["broken.yaml"], 2, "unknown-question"),
        (["nowhere"], 2, "nowhere"),
        (["base.yaml", "--seconds", "0"], 2, "write a whole number from 1"),
        (["base.yaml", "--write-cases", "nowhere"], 2, "name a file in a folder that exists"),
    ],
)
def test_exit_codes(run, write, words, code, said):
    write("base.yaml", BASE)
    write("broken.yaml", BASE.replace("strong: mild", "strnog: mild"))
    result = run("verify", *words)
    assert result.exit_code == code
    assert said in result.output


@pytest.mark.parametrize("form", ["compact", "github", "sarif"])
def test_forms_for_machines(run, write, form):
    write("base.yaml", UNSAFE)
    result = run("verify", "base.yaml", "--format", form)
    assert result.exit_code == 1
    assert "property-violated" in result.stdout
    if form == "sarif":
        (log,) = json.loads(result.stdout)["runs"]
        assert {each["ruleId"] for each in log["results"]} >= {"property-violated"}


def test_a_comment_allows_what_is_found_and_an_idle_one_is_said_by_no_check(run, write):
    write("base.yaml", BASE.replace("rules:\n", f"rules:\n{COVERED}"))
    result = run("verify", "base.yaml")
    assert "1 not true for every case, but allowed by a comment" in result.stdout
    assert result.exit_code == 0
    assert "allow-" not in run("check", "base.yaml").stdout


# What follows from the form of the rules alone


@examples(20, 60)
@given(bases_with_cases(small=True))
def test_what_the_form_says_of_turned_and_further_answers_is_so(tmp_path_factory, drawn):
    text, people = drawn
    kb = loaded(text, tmp_path_factory.mktemp("kb"))
    world = World(kb)
    net = world.coding.network
    prepared = replace(prepare(kb), definitions=world.named)
    stays = staying(net)
    rank = {False: 0, None: 1, True: 2}
    for answers in people:
        given = from_mapping(answers, kb.questions).answers
        case = Valuation(prepared, given)
        for name in world.named:
            for without in given:
                less = Valuation(prepared, {each: one for each, one in given.items() if each != without})
                assert not stays[name].true or less.value(name) is not True or case.value(name) is True
                assert not stays[name].false or less.value(name) is not False or case.value(name) is False
        for turn, turned in turns(kb, given):
            effect, after = effects(net, turn), Valuation(prepared, turned)
            for name in world.named:
                was, became = rank[case.value(name)], rank[after.value(name)]
                assert effect[name] != "same" or was == became
                assert effect[name] != "up" or was <= became
                assert effect[name] != "down" or was >= became


def turns(kb, given):
    """Each way to turn one answer of a case to "yes", and the answers then."""
    for name, answer in given.items():
        match kb.questions[name].kind, answer:
            case YesNo(), False:
                yield Turn(name), {**given, name: True}
            case Choice(options), str():
                yield from (
                    (Turn(name, each, True), {**given, name: each}) for each in options if each != answer
                )
            case Choices(), Mapping():
                for option in (each for each, chosen in answer.items() if not chosen):
                    yield Turn(name, option), {**given, name: {**answer, option: True}}


# What stays open in vain


FOLLOW_UP = """
knowledge_base: {name: pains, version: 1}
questions:
  pains: {ask: Where does it hurt?, kind: choices, options: {leg: a leg, back: the back}}
  side: {ask: Which leg?, kind: choice, options: {left: left, right: right}, asked_when: {pains: [leg]}}
findings: {leg_pain: a leg that hurts}
rules:
  leg-hurts: {when: {side: [left, right]}, then: {finding: leg_pain}, because: we say so, ours: yes}
"""


def test_a_follow_up_that_can_only_be_answered_in_one_way_is_open_in_vain(tmp_path):
    completions = Completions(loaded(FOLLOW_UP, tmp_path))
    found = completions.open_though_decided("rule:leg-hurts", True)
    assert (list(found), found["pains"]["leg"]) == (["pains"], True)
    assert completions.open_though_decided("rule:leg-hurts", False) is None


CLASHES = """
knowledge_base: {name: clashes, version: 1}
questions:
  walks: {ask: Do you walk?, kind: yes_no}
  falls: {ask: Do you fall?, kind: yes_no}
findings: {mobile: somebody who walks}
rules:
  walks: {when: {walks: yes}, then: {finding: mobile}, because: we say so, ours: yes}
consistency:
  falls-walking: {when: {walks: yes, falls: yes}, because: people fall once}
  stands-walking: {when: {walks: yes, falls: no}, because: everybody falls}
"""


def test_contradictions_of_which_one_cannot_be_avoided_are_found(tmp_path):
    """Neither of the two is unavoidable by itself."""
    kb = loaded(CLASHES, tmp_path)
    (found,) = (each for each in deep_results(kb) if each.status == "violated")
    assert (found.kind, found.witness.answers) == ("open-though-decided", {"walks": True})
    assert "`falls-walking`, `stands-walking`" in found.problem.message
    avoidable = loaded(CLASHES.replace("walks: yes, falls: no}", "walks: no, falls: no}"), tmp_path)
    assert {each.status for each in deep_results(avoidable)} == {"proved"}


def deep_results(kb):
    results = verify(examination(kb, "kb", None), is_deep=True)
    return [each for each in results if each.kind == "open-though-decided"]


@examples(8, 25)
@given(bases_with_cases(cases=0, small=True))
def test_what_is_open_though_decided_is_what_all_completions_show(tmp_path_factory, drawn):
    """All open cases of a small base, each with all its completions, against the search, which looks at cases
    that answer only what the name reads.
    """
    kb = loaded(drawn[0], tmp_path_factory.mktemp("kb"))
    ways = [[None, *every_answer(question)] for question in kb.questions.values()]
    is_weighed = any(isinstance(line, Times) for score in kb.scores.values() for line in score.lines)
    if is_weighed or prod(map(len, ways)) > MOST_CASES // 6:
        return
    completions = Completions(kb)
    prepared = replace(prepare(kb), definitions=completions.partial.named)
    cases = [case for case in every_case(kb, ways, prepared) if is_honest(case) and not clashes(case)]
    whole = [case for case in every_case(kb, ways, prepared) if is_complete(case)]
    for name in completions.partial.named:
        read = questions_of(name, kb, completions.partial.named)
        for truth in (True, False):
            vain = [
                case
                for case in cases
                if case.value(name) is None
                and case.answers.keys() <= read
                and all(each.value(name) is truth for each in whole if extends(each, case))
            ]
            found = completions.open_though_decided(name, truth)
            assert (found is not None) is bool(vain), (name, truth)
    clashing = [f"inconsistency:{name}" for name in kb.consistency]
    read = {each for name in clashing for each in questions_of(name, kb, completions.partial.named)}
    vain = [
        case
        for case in cases
        if any(case.value(name) is None for name in clashing)
        and case.answers.keys() <= read
        and all(any(map(each.value, clashing)) for each in whole if extends(each, case))
    ]
    assert (bool(clashing) and completions.unavoidable(clashing) is not None) is bool(vain)


def every_case(kb, ways, prepared):
    for answers in product(*ways):
        named = zip(kb.questions, answers, strict=True)
        yield Valuation(prepared, {name: each for name, each in named if each not in (None, {})})


def is_honest(case):
    """Whether follow-up questions are only answered if they were asked."""
    return all(case.value(f"asked:{name}") for name in case.prepared.kb.asked_when if case.is_answered(name))


def is_complete(case):
    """Whether all questions that apply are answered in full, and no others."""
    for name, question in case.prepared.kb.questions.items():
        answer = case.answers.get(name)
        size = len(question.kind.options) if isinstance(question.kind, Choices) else None
        is_full = answer is not None and (size is None or len(answer) == size)
        is_asked = name not in case.prepared.kb.asked_when or case.value(f"asked:{name}") is True
        if is_full is not is_asked or (answer is not None and not is_full):
            return False
    return True


def extends(whole, case):
    """Whether a complete case keeps all answers of an open one."""
    for name, answer in case.answers.items():
        kept = whole.answers.get(name)
        if isinstance(answer, Mapping):
            if kept is None or any(kept.get(option) is not each for option, each in answer.items()):
                return False
        elif kept != answer:
            return False
    return True


def test_what_is_written_for_everybody_need_not_be_ruled_out(run, write):
    always = BASE.replace("when: {strong: severe}\n    then", "when: always\n    then")
    write("base.yaml", always.partition("safety")[0])
    assert "never-ruled-out" not in run("verify", "base.yaml").stdout


def test_a_comment_that_allows_nothing_is_said(run, write):
    write("base.yaml", BASE.replace("  to-go:", "  # cartsign: allow covered because it was\n  to-go:"))
    result = run("verify", "base.yaml")
    assert result.exit_code == 1
    assert "base.yaml:11:3: warning[allow-unused]" in result.stdout
