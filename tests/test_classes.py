"""Classes of scores and numbers in results, explanations, coverage, comparisons and pages."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from engine.columns.wide import compile_wide
from engine.coverage.edges import lines_of
from engine.coverage.mutation.measure import Mutation
from engine.coverage.mutation.mutants import mutants
from engine.meaning.valuation import prepare
from engine.model.parts import All, AnyOf, Bound, Ref, Scored
from engine.model.scores import TICKS
from engine.summary.sections import sections
from engine.tally.tally import tally_of
from facts.case import Case, from_mapping
from facts.tables.canonical import frame_of

SCHEMAS = Path(__file__).parent.parent / "engine" / "schemas"
SCHEMA = json.loads((SCHEMAS / "assessment.schema.json").read_text(encoding="utf-8"))
BASE = """
knowledge_base: {name: classes}
sources: {A: {title: An article}}
questions:
  tired: {ask: Tired?, kind: yes_no}
  dizzy: {ask: Dizzy?, kind: yes_no}
  pale: {ask: Pale?, kind: yes_no}
  ill: {ask: Ill?, kind: yes_no}
  degrees:
    {ask: How hot?, kind: number, unit: degrees, minimum: 35, maximum: 42, decimals: 1,
     asked_when: {ill: yes}, classes: {cool: {below: 38.5}, hot: {otherwise: yes, text: a fever}}}
findings: {watch: watch it, act: do something}
scores:
  sum:
    text: the sum
    parts: [{each: [tired, dizzy, pale], points: 2}]
    classes:
      low: {at_most: 2, text: little}
      middle: {below: 6, value: {text: "one of ten", source: A}}
      high: otherwise
rules:
  watch: {when: {class: {sum: [middle, high]}}, then: {finding: watch}, because: b, ours: true}
  act: {when: {class: {sum: high, degrees: hot}}, then: {finding: act}, because: b, ours: true}
  ends: {when: {class: {sum: [low, high]}}, then: {finding: act}, because: b, ours: true}
"""


@pytest.fixture
def base(read):
    return read(BASE)


def test_a_class_is_a_name_and_neighbours_are_one_range(base):
    above = Scored("sum", Bound("above", 2 * TICKS))
    assert base.rules["watch"].when == Ref("class:sum:middle|high")
    assert prepare(base).definitions["class:sum:middle|high"] == above
    assert base.rules["act"].when == All((Ref("class:sum:high"), Ref("class:degrees:hot")))
    assert base.rules["ends"].when == AnyOf((Ref("class:sum:low"), Ref("class:sum:high")))
    meant = dict(base.classes["sum"].named())
    assert meant["class:sum:middle"] == All((above, Scored("sum", Bound("below", 6 * TICKS))))


EVERYBODY = [
    ({}, {"degrees": None, "sum": None}),
    ({"tired": True}, {"degrees": None, "sum": None}),
    ({"tired": False, "dizzy": False}, {"degrees": None, "sum": "low"}),
    ({"tired": True, "dizzy": True, "pale": False}, {"degrees": None, "sum": "middle"}),
    ({"tired": True, "dizzy": True, "pale": True, "degrees": 38.5}, {"degrees": "hot", "sum": "high"}),
    ({"degrees": 38.4}, {"degrees": "cool", "sum": None}),
    ({"ill": False}, {"degrees": None, "sum": None}),
]


@pytest.mark.parametrize(("answers", "expected"), EVERYBODY)
def test_an_assessment_names_the_class_once_it_is_decided(target, base, answers, expected):
    found = target(base, [from_mapping(answers, base.questions)])[0]
    assert found["classes"] == expected
    assert list(found)[list(found).index("scores") + 1] == "classes"
    assert not list(Draft202012Validator(SCHEMA).iter_errors(json.loads(json.dumps(found))))


def test_without_classes_an_assessment_has_no_such_field(target, read):
    kb = read("questions: {a: {ask: a, kind: yes_no}}\nscores: {s: {parts: [{each: a, points: 1}]}}\n")
    assert "classes" not in target(kb, [Case("nobody", {})])[0]


def test_wide_results_have_a_column_for_each(base):
    cases = [from_mapping(answers, base.questions, str(at)) for at, (answers, _) in enumerate(EVERYBODY)]
    found = compile_wide(prepare(base)).results_of(frame_of(cases, base.questions))
    for name in ("sum", "degrees"):
        assert found[f"class.{name}"].cast(pl.String).to_list() == [each[name] for _, each in EVERYBODY]
    assert found["class.sum"].dtype == pl.Enum(["low", "middle", "high"])


def test_each_end_is_moved_in_a_mutant_and_a_case_on_it_notices(base):
    own = [each for each in mutants(base) if each.where.startswith("class ")]
    assert [each.said for each in own] == [
        "with the end 38.4 in place of 38.5",
        "with the end 38.6 in place of 38.5",
        "with the end 0 in place of 2",
        "with the end 4 in place of 2",
        "with the end 4 in place of 6",
        "with the end 8 in place of 6",
    ]
    mutation = Mutation(base, [Case("nothing", {}, expect={"fired": "none"})])
    for each in own:
        judged = mutation._judged(each, next(iter(mutation.suite.killing([each]))))
        assert judged.verdict == "survived", each.said
        shown = mutation.missing(judged)
        assert shown.expect, each.said
        case = Case("shown", shown.answers, expect=shown.expect, expect_not=shown.expect_not)
        killing = Mutation(base, [case])
        assert next(iter(killing.suite.killing([each]))) is not None, each.said


def test_a_line_of_a_score_counts_for_its_classes_although_no_rule_reads_it(read):
    kb = read(
        BASE[: BASE.index("rules:")] + "rules:\n  r: {when: {ill: yes}, then: [{finding: act},"
        " {finding: watch}], because: b, ours: true}\n"
    )
    assert [each.said for each in lines_of(kb)] == ["tired: yes", "dizzy: yes", "pale: yes"]


def test_a_class_is_explained_and_what_would_turn_it(run, write):
    base = write("base.yaml", BASE)
    case = write("case.yaml", "id: ann\nanswers: {tired: yes, dizzy: yes, pale: no}\n")
    why = run("explain", case, "--kb", base, "--why", "sum:middle").output
    assert "Concluded, because you said no to pale, yes to tired and yes to dizzy." in why
    assert "score sum: above 2   4 points" in why
    turned = run("explain", case, "--kb", base, "--what-if", "pale=yes").output
    assert "classes" in turned
    assert "middle → high: sum" in turned
    assert "name one of its classes" in run("explain", case, "--kb", base, "--why", "sum").stderr


def test_another_end_is_found_by_diff(run, write):
    old, new = write("old.yaml", BASE), write("new.yaml", BASE.replace("at_most: 2", "at_most: 1"))
    found = run("diff", old, new).output
    assert "changed in classes: sum" in found
    lines = [" ".join(line.split()) for line in found.splitlines()]
    assert "class reached sum:middle" in lines
    assert "class no longer reached sum:low" in lines


def test_a_case_can_expect_a_class(run, write):
    base = write("base.yaml", BASE)
    said = "id: ann\nanswers: {tired: yes, dizzy: yes, pale: no}\nexpect: {classes: {sum: WORD}}\n"
    assert run("test", write("right.yaml", said.replace("WORD", "middle")), "--kb", base).exit_code == 0
    failed = run("test", write("wrong.yaml", said.replace("WORD", "high")), "--kb", base)
    assert failed.exit_code == 1
    assert "classes.sum is `middle`, expected `high`" in failed.output
    assert "the score is 4" in failed.output
    misspelt = run("test", write("odd.yaml", said.replace("WORD", "hihg")), "--kb", base)
    assert misspelt.exit_code == 1
    assert "there is no class `hihg`" in misspelt.output + misspelt.stderr


def test_the_page_names_it_with_what_is_published(run, write):
    base = write("base.yaml", BASE)
    page = run(
        "assess",
        write("case.yaml", "answers: {tired: yes, dizzy: yes, pale: no, degrees: 39}\n"),
        "--kb",
        base,
    )
    assert "the sum: 4, middle" in page.output
    assert "one of ten (An article)" in page.output
    assert "How hot? a fever" in page.output


def test_a_class_between_all_sums_is_proved_to_be_empty(run, write):
    base = """
questions: {a: {ask: a, kind: yes_no}, b: {ask: b, kind: yes_no}}
scores:
  s:
    parts: [{points: 4, when: {a: yes}}, {points: 6, when: {b: yes}}]
    classes: {low: {at_most: 6}, middle: {below: 10}, high: otherwise}
"""
    found = run("verify", write("base.yaml", base), "--format", "compact")
    assert found.exit_code == 1
    assert "the class `middle` of `s` is not reached in any case" in found.output
    assert "base.yaml:6:" in found.output
    closed = base.replace("below: 10", "at_most: 10")
    assert "is in class `high`" in run("verify", write("closed.yaml", closed)).stderr


def test_a_class_that_no_case_is_in_deserves_a_look(run, write):
    base = write("kb/base.yaml", BASE)
    write(
        "kb/cases/cases.yaml",
        "- {id: a, about: somebody, answers: {tired: no, dizzy: no}, expect: {classes: {sum: low}}}",
    )
    found = run("check", "kb", "--format", "compact").output
    assert "no case is in class `middle` of `sum`" in found
    assert "no case is in class `hot` of `degrees`" in found
    assert "class `low`" not in found
    assert base in found


def test_a_mutant_of_one_of_several_lines_says_which(base):
    said = {each.said for each in mutants(base) if each.kind == "points"}
    assert "line 1, `dizzy: yes`, counting 4 in place of 2" in said


def test_a_class_is_drawn_with_what_leads_to_it_and_what_follows(run, write):
    base = write("base.yaml", BASE)
    drawn = run("graph", base, "sum:high").output
    for title in ("class: #123;sum: high#125;", "score sum: at_least 6", "tired: yes", "act"):
        assert title in drawn, title
    overview = run("graph", base).output
    assert "tired" in overview
    assert "act" in overview


def test_a_summary_counts_each_class_and_what_is_open(base, run, write):
    rows = "".join(
        json.dumps({"id": str(at), "answers": each}) + "\n" for at, (each, _) in enumerate(EVERYBODY)
    )
    cases = write("cases.jsonl", rows)
    assert run("assess", cases, "-o", "out.csv", "--kb", write("base.yaml", BASE)).exit_code == 0
    summary = json.loads(Path("out.csv.manifest.json").read_text(encoding="utf-8"))["summary"]
    assert summary["classes"] == {
        "degrees": {"cases": {"cool": 1, "hot": 1}, "open": 5},
        "sum": {"cases": {"low": 1, "middle": 1, "high": 1}, "open": 4},
    }
    schema = json.loads((SCHEMAS / "summary.schema.json").read_text(encoding="utf-8"))
    assert not list(Draft202012Validator(schema).iter_errors(summary))
    counts = {("cases",): 5, ("class", "sum", "in", "low"): 1, ("class", "sum", "open"): 4}
    shown = next(each for each in sections(tally_of(counts), base) if each.id == "classes")
    assert [(row.name, row.numbers) for row in shown.rows if row.numbers[0]] == [
        ("the sum: little", (1, "20.0 %")),
        ("the sum: not decided", (4, "80.0 %")),
    ]
