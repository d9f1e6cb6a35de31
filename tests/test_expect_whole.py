"""`expect` that says a whole list, `none` or `exactly: [...]`, and values of `expect` that make no sense."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from engine import load
from engine.casetest.running import judged
from engine.casetest.spelling import shape_of
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Valuation, prepare
from facts.case import Case

BASE = Path(__file__).parent / "golden" / "pages" / "base.yaml"
HEAD = "id: somebody\nabout: somebody with a dry cough\nanswers: {cough: dry, fever: no, worried: no}\n"

PASS = [
    "findings: {exactly: [dry_cough, coughing]}",
    "inconsistencies: none",
    "kept_open_by: none",
    "conditions: {exactly: {cold: possible, pneumonia: background, habit: background}}",
    "conditions: {exactly: [cold, pneumonia, habit]}",
    "advice: {given: {exactly: [sit_up, drink_tea, honey]}, held: none}",
    "ask_next: {exactly: [eases]}",
    "triage: {rules: {exactly: [cough-for-the-doctor]}}",
]
FAIL = {
    "findings: none": ("findings has `coughing`, expected none", "findings has `dry_cough`, expected none"),
    "findings: {exactly: [coughing]}": ("findings has `dry_cough`, expected only the names listed",),
    "inconsistencies: {exactly: [eased-but-no-cough]}": ("inconsistencies has no `eased-but-no-cough`",),
    "conditions: none": ("conditions has `cold`, expected none",),
    "conditions: {exactly: {cold: typical, pneumonia: background, habit: background}}": (
        "conditions.cold is `possible`, expected `typical`",
    ),
    "advice: {given: {exactly: [sit_up, drink_tea]}}": ("advice.given has `honey`, expected only",),
    "fired: none": ("fired has `a-cough`, expected none", "rule `a-cough` fired"),
}
WRONG = {
    "findings: null": "findings: this must be a list of findings, not `null`; name findings, write `none`",
    "findings: 3": "findings: this must be a list of findings, not `3`",
    "findings: []": "findings: expects nothing: name what it must have, write `none`",
    "findings: [none]": "`none` must not be in a list; write `findings: none`",
    "findings: {exactly: []}": "`exactly` is empty; write `findings: none`",
    "findings: {exactly: null}": "`exactly` takes a list of findings, not `null`",
    "findings: {exactly: [coughing], dry_cough: null}": "`exactly` must be the only key",
    "findings: {exactly: [coughin]}": "there is no finding `coughin`; did you mean `coughing`?",
    "conditions: {exactly: {cold: {support: possible}}}": "`exactly` takes only names",
    "fired: {exactly: {a-cough: true}}": "`exactly` takes only names",
    "scores: {misery: {low: many}}": "this must be a number, not `many`",
    "id: 3": "this must be a text, not `3`; put it in quotes",
}


def of(text: str, side: str = "expect") -> str:
    return f"{HEAD}{side}: {{{text}}}\n"


@pytest.mark.parametrize("columns", [(), ("--columns",)], ids=["experta", "columns"])
def test_whole_lists_on_every_machine(columns, run, write):
    number = len(PASS)
    cases = [of(text).replace("somebody", f"s{at}", 1) for at, text in enumerate(PASS)]
    write("c.yaml", "---\n".join(cases))
    assert run("test", "c.yaml", "--kb", str(BASE), *columns).output == f"{number} cases: {number} passed\n"
    for text, told in FAIL.items():
        write("c.yaml", of(text))
        done = run("test", "c.yaml", "--kb", str(BASE), *columns)
        assert done.exit_code == 1
        for each in told:
            assert each in done.output


def test_there_must_be_some(run, write):
    write("c.yaml", of("findings: none", "expect_not"))
    assert run("test", "c.yaml", "--kb", str(BASE)).exit_code == 0
    write("c.yaml", of("inconsistencies: none", "expect_not"))
    assert (
        "inconsistencies is `none`, which `expect_not` forbids"
        in run("test", "c.yaml", "--kb", str(BASE)).output
    )
    write("c.yaml", of("findings: {exactly: [coughing]}", "expect_not"))
    assert "`exactly` is only allowed in `expect`" in run("test", "c.yaml", "--kb", str(BASE)).output


@pytest.mark.parametrize("text", WRONG)
def test_what_makes_no_sense_is_said_by_test_and_by_check(text, run, write):
    write("kb/base.yaml", BASE.read_text(encoding="utf-8"))
    write("kb/cases/c.yaml", of(text))
    tested = run("test", "--kb", "kb")
    assert tested.exit_code == 1
    assert WRONG[text] in tested.output
    assert "warning[unknown-name]" in run("check", "kb").output


FIELDS = (
    *("in_scope", "triage", "conditions", "findings", "scores", "advice", "texts", "ask_next", "fired"),
    *("kept_open_by", "inconsistencies", "disagreements", "open", "reasons", "format", "id", "kb", "bogus"),
    *("triage.level", "triage.by_source", "triage.by_source.A1", "conditions.cold", "conditions.cold.rules"),
    *("advice.given", "advice.held", "advice.pending", "advice.pending.sweat", "scores.misery"),
    *("reasons.a-cough", "inconsistencies.eased-but-no-cough.questions", "fired.a-cough"),
)
VALUES = (
    *(None, True, 3, 1.5, "", "word", "none", [], {}, [None], [[]], [{}], [3], [True], ["none"]),
    *({"a": None}, {"a": {}}, [{"name": None}], [{"name": []}], [{"name": {"a": "b"}}], {"exactly": None}),
    *({"exactly": "none"}, {"exactly": [None]}, {"exactly": [[]]}, {"exactly": [{"name": None}]}),
)


def test_no_value_of_any_field_ends_in_a_traceback():
    """And in `expect` none is met that is wrong."""
    prepared = prepare(load(BASE))
    case = Valuation(prepared, {"cough": "dry", "fever": False})
    assessment, shape = assemble(case, "x").to_dict(), shape_of(prepared.kb)
    for field, value in itertools.product(FIELDS, VALUES):
        named = value
        for key in reversed(field.split(".")):
            named = {key: named}
        for expect, expect_not in ((named, {}), ({}, named)):
            found = judged(Case("x", {}, "", expect, expect_not), assessment, case, shape)
            if expect and found.verdict == "passed":
                assert value in ("none", True)
