"""Explanations: golden pages of a small base, and what must hold of them on any."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from generators import bases_with_cases
from hypothesis import given
from jsonschema import ValidationError, validate
from sweeps import examples

from engine import Rejected, load
from engine import explain as explain_in_python
from engine.casetest.grounds import grounds
from engine.experta_target import Engine
from engine.explanation.branch import Branch, every
from engine.explanation.parts import Opened
from engine.explanation.proof import Proof
from engine.explanation.reason import MOST_SAID, Reasoning, reason
from engine.meaning.holds import holds
from engine.meaning.marking import inner_parts
from engine.meaning.valuation import Valuation, prepare
from engine.model.parts import All, Part
from engine.words.rule_text import headed
from facts.case import from_mapping

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "explanations"
SCHEMA = json.loads((ROOT / "engine" / "schemas" / "explanation.schema.json").read_text())

ASKED = {
    "level": "wet-and-ill",
    "level-proved": "seen-today",
    "level-of-nobody": "nobody --why",
    "condition": "old-and-dry --why pneumonia --why-not pneumonia",
    "item-held": "seen-today --why drink_tea --why-not drink_tea",
    "rule-ruled-out": "old-and-dry --why high-and-wet --why-not high-and-wet",
    "age-stays": "wet-and-ill --why-not old-people",
    "number": "wet-and-ill --why-not high-and-wet",
    "score": "wet-and-ill --why lung-score",
    "clash": "old-and-dry --why-not inconsistency:coughs-without-cough",
    "text-and-finding": "wet-and-ill --why why_tea --why-not ill",
    "possible": "nobody --why-not",
    "flip-level": "wet-and-ill --flip today --flip doctor --flip wait",
    "flip-condition": "old-and-dry --flip pneumonia --flip pneumonia:typical --flip pneumonia:hallmark",
    "ask": "nobody --ask",
    "ask-little": "wet-and-ill --ask",
    "what-if": "wet-and-ill --what-if temperature=40 --what-if smokes=yes",
    "what-if-nothing": "wet-and-ill --what-if smokes=no --what-if eases=[tea]",
    "what-if-withdrawn": "seen-today --what-if cough= --what-if eases={rest: yes}",
}


WHOLE = "wet-and-ill --why --why-not --flip wait --flip pneumonia:known --ask --what-if age=70"


def explain(run, words: str, *more: str):
    id, *options = words.replace("{rest: yes}", "{rest:_yes}").split()
    options = [each.replace("{rest:_yes}", "{rest: yes}") for each in options]
    for name in ("base.yaml", "cases.jsonl"):
        shutil.copy(GOLDEN / name, name)
    return run("explain", "cases.jsonl", "--case", id, *options, "--kb", "base.yaml", *more)


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """Holds a text against a golden file, or writes it."""

    def same(name: str, text: str) -> None:
        if request.config.getoption("--update-golden", default=False):
            (GOLDEN / name).write_text(text)
        assert text == (GOLDEN / name).read_text()

    return same


@pytest.mark.parametrize("name", ASKED)
def test_on_a_terminal(name, run, golden):
    shown = explain(run, ASKED[name])
    assert shown.exit_code == 0, shown.output
    golden(f"{name}.txt", shown.stdout)


def test_as_a_page(run, golden, tmp_path):
    words = WHOLE
    shown = explain(run, words, "--html", "out.html")
    assert (shown.exit_code, shown.stdout) == (0, "case wet-and-ill explained in out.html\n")
    golden("page.html", (tmp_path / "out.html").read_text())


@pytest.mark.parametrize("name", ASKED)
def test_as_a_document(name, run):
    shown = explain(run, ASKED[name], "--json")
    validate(json.loads(shown.stdout), SCHEMA)
    assert shown.stdout == explain(run, ASKED[name], "--json").stdout


def test_a_document_says_it_all(run, golden):
    golden(
        "document.json",
        explain(
            run,
            WHOLE,
            "--json",
        ).stdout,
    )


def test_the_schema_knows_no_other_document(run):
    other = json.loads(explain(run, "wet-and-ill", "--json").stdout) | {"format": "cartsign.explanation/2"}
    with pytest.raises(ValidationError, match=r"'cartsign\.explanation/1' was expected"):
        validate(other, SCHEMA)


# Which case


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["cases.jsonl", "--row", "3"], 0, "old-and-dry"),
        (["cases.jsonl", "--row", "6"], 4, "cases.jsonl:6:37: error[not-a-number]"),
        (["cases.jsonl", "--row", "7"], 2, "there is no row 7; the file has 6 rows"),
        (["cases.jsonl", "--row", "0"], 2, "0 is not in the range x>=1"),
        (
            ["cases.jsonl", "--row", "1", "--case", "nobody"],
            2,
            "`--case` and `--row` cannot be used together",
        ),
        (["cases.jsonl"], 2, "the file has more than one case"),
        (["cases.jsonl", "--case", "nobdy"], 2, "did you mean `nobody`?"),
        (["nobody.json"], 4, "there is no such file"),
        (["torn.jsonl"], 1, "to explain this case, add `--case a`"),
        (["empty.jsonl"], 4, "the file is empty"),
        (["nobody"], 2, "there is no case `nobody`"),
        (["--why"], 2, "Missing argument 'CASE'"),
        (["cases.jsonl", "--row", "3", "--why", "pneumona"], 2, "did you mean `pneumonia`?"),
        (["cases.jsonl", "--row", "3", "--why", "cough"], 2, "that is a question"),
        (["cases.jsonl", "--row", "3", "--why", "condition:pneumonia:sure"], 2, "supports: `background`"),
        (["cases.jsonl", "--row", "3", "--why-not", "asked:age"], 2, "there is nothing named"),
        (["cases.jsonl", "--row", "3", "--flip", "ill"], 2, "there is nothing named `ill`"),
        (["cases.jsonl", "--row", "3", "--flip", "todya"], 2, "did you mean `today`?"),
        (["cases.jsonl", "--row", "3", "--what-if", "cough"], 2, "`cough` has no `=`"),
        (["cases.jsonl", "--row", "3", "--what-if", "cougs=dry"], 2, "did you mean `cough`?"),
        (["cases.jsonl", "--row", "3", "--what-if", "cough=drye"], 2, "did you mean `dry`?"),
        (
            ["cases.jsonl", "--row", "3", "--what-if", "eases=tea"],
            2,
            "write `[tea]` if no other option applies",
        ),
        (["cases.jsonl", "--row", "3", "--what-if", "eases=[tea"], 2, "`[tea` is not an answer"),
        (["cases.jsonl", "--row", "3", "--what-if", "age=200"], 2, "from 0 to 120 years"),
        (["cases.jsonl", "--row", "3", "--html", "x.txt"], 2, "results can only be written as HTML"),
        (
            ["cases.jsonl", "--row", "3", "--html", "cases.jsonl/x.html"],
            2,
            "the folder for this file does not exist",
        ),
    ],
)
def test_which_case_and_what_about_it(words, code, said, run, write):
    write("cases.jsonl", (GOLDEN / "cases.jsonl").read_text())
    write("torn.jsonl", '{"id": "a", "answers": {}}\n{"id": "b", "answ')
    write("empty.jsonl", "")
    shown = run("explain", *words, "--kb", str(GOLDEN / "base.yaml"))
    assert (shown.exit_code, said in shown.output) == (code, True), shown.output


def test_a_case_of_the_knowledge_base_is_called_by_its_id(run):
    assert run("explain", "cannot-hold-the-urine").stdout.startswith("cannot-hold-the-urine\n")
    assert "did you mean `cannot-hold-the-urine`?" in run("explain", "cannot-hold-urine").output


def test_one_of_standard_input(run):
    shown = run("explain", "-", stdin='{"id": "a", "answers": {"symptoms_worsening": true}}')
    assert "symptoms_worsening: yes   answer yes" in shown.stdout


@pytest.mark.parametrize("form", [[], ["--json"], ["--html", "out.html"]])
def test_nothing_in_a_case_steers_a_terminal_or_a_page(form, run, write, tmp_path):
    write("cases.jsonl", (GOLDEN / "cases.jsonl").read_text())
    words = ["--why", "--why-not", "--what-if", "age=3", "--kb", str(GOLDEN / "base.yaml")]
    shown = run("explain", "cases.jsonl", "--row", "5", *words, *form)
    page = (tmp_path / "out.html").read_text() if "--html" in form else ""
    assert shown.exit_code == 0
    assert "\x1b" not in shown.stdout + page
    assert "\u202e" not in page + (shown.stdout if not form else "")
    assert "<script" not in page


def test_a_name_of_several_things_is_asked_for(run, write):
    text = (GOLDEN / "base.yaml").read_text().replace("tea-helps:", "drink_tea:")
    case, base = write("c.json", '{"answers": {}}'), write("kb.yaml", text)
    shown = run("explain", case, "--why", "drink_tea", "--kb", base)
    assert (shown.exit_code, "is a rule and an item of advice" in shown.output) == (2, True)
    assert "write `rule:drink_tea` or `advice:drink_tea`" in shown.output


def test_without_levels_everything_concluded_is_proved(run):
    ottawa = ROOT / "tests" / "bases" / "ottawa-ankle"
    cases = str(ottawa / "cases")
    shown = run("explain", cases, "--row", "1", "--kb", str(ottawa))
    assert shown.exit_code == 0
    assert "Why" in shown.stdout


def test_from_python():
    kb = load(GOLDEN / "base.yaml")
    answers = {"age": 40, "fever": True, "cough": "wet"}
    found = explain_in_python(
        kb, answers, why=["ill"], why_not=["today"], what_if={"cough": None, "smokes": True}, flip=["wait"]
    )
    assert found.flip[0].changes.size == 1
    assert found.why[0].branch.inner[0].name == "fever-is-ill"
    assert [step.low for (step,) in found.why_not[0].changes.alternatives] == [39.5]
    assert found.what_if.answers == {"smokes": True, "cough": None}
    assert ("level", "doctor", None) in {
        (each.field, each.before, each.after) for each in found.what_if.differences
    }
    assert (found.assessment.triage.level, explain_in_python(kb, answers).why) == ("doctor", ())
    with pytest.raises(Rejected, match="did you mean `today`"):
        explain_in_python(kb, answers, why_not=["todya"])


# What holds of every explanation


def answers_in(branch: Branch) -> set[str]:
    return {each.name for each in every(branch) if each.kind in ("answer", "points") and each.name}


PARTLY_ANSWERED = """
knowledge_base: {name: pains, version: 1}
questions:
  pains: {ask: Does it hurt?, kind: yes_no}
  where: {ask: Where?, kind: choices, options: {leg: a leg, back: the back}, asked_when: {pains: yes}}
findings: {leg_pain: a leg that hurts}
rules:
  leg-hurts: {when: {where: [leg]}, then: {finding: leg_pain}, because: we say so, ours: yes}
"""
"""A question that does not apply, and of which only one option is answered."""


def test_a_partial_answer_is_not_the_reason_if_the_question_does_not_apply(read):
    prepared = prepare(read(PARTLY_ANSWERED))
    given = from_mapping({"pains": False, "where": {"back": True}}, prepared.kb.questions).answers
    case = Valuation(prepared, given)
    rule = prepared.kb.rules["leg-hurts"].when
    assert "because you said no to pains" in reason("finding:leg_pain", case)
    (ground,) = grounds(rule, case)
    assert ground.said == "`where: leg` is false, because the question does not apply"
    assert [each.said for each in every(Opened(case).of("rule:leg-hurts"))][-2:] == [
        "where applies",
        "pains: yes",
    ]


def test_a_list_of_which_nothing_is_chosen_is_said_in_words(read):
    prepared = prepare(read(PARTLY_ANSWERED))
    given = from_mapping({"pains": True, "where": []}, prepared.kb.questions).answers
    said = reason("finding:leg_pain", Valuation(prepared, given))
    assert said == "Not concluded, because you said none of these to where."


@examples(25, 80)
@given(bases_with_cases())
def test_the_answers_that_a_reason_names_are_enough(read, drawn):
    text, people = drawn
    prepared = prepare(read(text))
    for answers in people:
        case = Valuation(prepared, from_mapping(answers, prepared.kb.questions).answers)
        for name in prepared.definitions:
            truth, said = case.value(name), reason(name, case)
            assert said.startswith("Open") is (truth is None)
            if truth is not None:
                grounds = Reasoning(case).of(name)
                fewer = {each: case.answers[each] for each in grounds.questions}
                assert Valuation(prepared, fewer).value(name) is truth
                assert all(f"to {each}" in said for each in grounds.questions[:MOST_SAID]) or said.startswith(
                    "Held"
                )


@pytest.mark.parametrize(
    ("name", "answers", "said"),
    [
        ("finding:ill", {"fever": True}, "Concluded, because you said yes to fever: A fever is an illness."),
        ("finding:ill", {"fever": False}, "Not concluded, because you said no to fever."),
        ("finding:ill", {}, "Open: it depends on fever."),
        (
            "advice:drink_tea",
            {"cough": "wet", "fever": True, "temperature": 40},
            "Held, because you said yes to fever, wet to cough and 40.0 to temperature: First be seen.",
        ),
        ("advice:drink_tea", {"cough": "none_at_all"}, "Not given, because you said none_at_all to cough."),
        (
            "advice:drink_tea",
            {"cough": "dry"},
            "Given, because you said dry to cough: Tea eases a cough.",
        ),
        ("condition:pneumonia:known", {}, "Not suspected, because no rule concludes it."),
        (
            "condition:pneumonia:typical",
            {"age": 30, "fever": True, "cough": "wet"},
            "Suspected, because you said yes to fever and wet to cough:"
            " Three points or more speak for pneumonia.",
        ),
        ("rule:high-and-wet", {"fever": False}, "Blocked, because you said no to fever."),
        (
            "inconsistency:coughs-without-cough",
            {"cough": "none_at_all", "eases": ["tea"]},
            "Reported, because you said none_at_all to cough and [tea] to eases:"
            " What does not exist cannot be eased.",
        ),
    ],
)
def test_the_reason_is_one_sentence(name, answers, said):
    kb = load(GOLDEN / "base.yaml")
    assert reason(name, Valuation(prepare(kb), from_mapping(answers, kb.questions).answers)) == said


def assert_follows(proof: Branch) -> None:
    """What stands below a line has its truth; below a `not` or `at_most`, the opposite."""
    for each in every(proof):
        if each.kind not in ("score", "points", "answer"):
            is_opposite = each.said == "not" or each.said.startswith("at_most")
            wanted = (not each.truth) if is_opposite else each.truth
            assert all(below.truth is wanted for below in each.inner), each


@examples(25, 80)
@given(bases_with_cases())
def test_the_answers_that_a_proof_names_are_enough(read, drawn):
    text, people = drawn
    prepared = prepare(read(text))
    for answers in people:
        case = from_mapping(answers, prepared.kb.questions)
        engine = Engine(prepared, prepared.definitions)
        known = engine.fire(case.answers)
        for name in prepared.definitions:
            truth = known.value(name)
            if truth is None:
                assert not Proof(engine, known).of(name).inner
                continue
            proof = Proof(engine, known).of(name)
            named = answers_in(proof)
            fewer = {each: answer for each, answer in case.answers.items() if each in named}
            assert proof.truth is truth
            assert Valuation(prepared, fewer).value(name) is truth
            assert_follows(proof)


def assert_shown(branch: Branch, part: Part, case: Valuation) -> None:
    """A line for the part with its truth, and one for each part inside it."""
    assert (branch.said, branch.truth) == (headed(part), holds(part, case))
    inner = inner_parts(part)
    if inner:
        assert len(branch.inner) == len(inner)
        for below, each in zip(branch.inner, inner, strict=True):
            assert_shown(below, each, case)


@examples(25, 80)
@given(bases_with_cases(cases=3))
def test_every_part_of_every_rule_is_there_with_its_truth(read, drawn):
    text, people = drawn
    prepared = prepare(read(text))
    kb = prepared.kb
    for answers in people:
        case = Valuation(prepared, from_mapping(answers, kb.questions).answers)
        for name in prepared.definitions:
            lines = list(every(Opened(case).of(name)))
            rules = [each for each in lines if each.kind == "rule" and not each.elsewhere]
            assert {*prepared.rules_for.get(name, ())} <= {each.name for each in rules}
            for each in rules:
                when = kb.rules[each.name].when
                parts = when.parts if isinstance(when, All) else (when,)
                assert len(each.inner) == len(parts)
                for below, part in zip(each.inner, parts, strict=True):
                    assert_shown(below, part, case)
