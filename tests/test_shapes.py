"""The shapes of results in columns: lists, Booleans and lines of JSON each say what the oracle says."""

from __future__ import annotations

import json
from pathlib import Path

import oracle
import polars as pl
import pytest
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples

from engine import KnowledgeBase, load
from engine.assessments import complete, shape, slots
from engine.assessments.complete import compile_plan, full, lines, stored, written
from engine.assessments.lists import chosen
from engine.assessments.slots import Slots
from engine.meaning.valuation import prepare
from engine.sampling.sample import sample
from facts.case import Case, from_mapping
from facts.tables.canonical import frame_of
from facts.tables.sinks import WRITING

ROOT = Path(__file__).parent.parent
SHAPES = pytest.mark.parametrize("shape", [full, stored])


def people(kb: KnowledgeBase, answers: list[dict[str, object]]) -> list[Case]:
    return [from_mapping(each, kb.questions, f"person-{at}") for at, each in enumerate(answers)]


def by_oracle(kb: KnowledgeBase, cases: list[Case]) -> list[dict]:
    """The assessments, as far as columns give them."""
    found = [oracle.assess(kb, case) for case in cases]
    for each in found:
        for pending in each["advice"]["pending"]:
            pending.pop("questions", None)
    return found


def in_shape(kb: KnowledgeBase, cases: list[Case], shape) -> pl.DataFrame:
    return compile_plan(prepare(kb), shape).apply(frame_of(cases, kb.questions).lazy()).collect()


def published(row: dict) -> dict:
    """A row of the shape `full` as an assessment: an object without fields is null in columns."""
    row["scores"] = row["scores"] or {}
    if row["triage"] is not None:
        row["triage"]["by_source"] = row["triage"]["by_source"] or {}
    return row


def chosen_of(names, there) -> dict[str, bool] | None:
    return {name: name in there for name in names} or None


def as_stored(found: dict, kb: KnowledgeBase) -> dict:
    """What the shape `stored` makes of an assessment."""
    advice, suspected = found["advice"], {each["name"]: each for each in found["conditions"]}
    held = {item for each in advice["held"] for item in each["items"]}
    items = {kind: {each["item"] for each in advice[kind]} for kind in ("given", "given_unless", "pending")}
    clashing = [*(f"asked_when:{question}" for question in kb.asked_when), *kb.consistency]
    triage = found["triage"]
    return {
        "id": found["id"],
        "in_scope": found["in_scope"],
        "triage": triage and {**triage, "by_source": triage["by_source"] or None},
        "conditions": {
            name: {
                "support": suspected[name]["support"] if name in suspected else None,
                "could_reach": suspected[name]["could_reach"] if name in suspected else None,
            }
            for name in kb.conditions
        }
        or None,
        "findings": chosen_of(kb.findings, found["findings"]),
        "scores": found["scores"] or None,
        **({"classes": found["classes"]} if kb.classes else {}),
        "advice": {
            kind: chosen_of(kb.advice, held if kind == "held" else items[kind])
            for kind in ("given", "given_unless", "held", "pending")
        }
        if kb.advice
        else None,
        "texts": chosen_of(kb.texts, found["texts"]),
        "ask_next": found["ask_next"],
        "kept_open_by": found["kept_open_by"],
        "inconsistencies": chosen_of(clashing, {each["name"] for each in found["inconsistencies"]}),
        "disagreements": chosen_of(kb.disagreements, found["disagreements"]),
        "fired": chosen_of(kb.rules, found["fired"]),
        "open": chosen_of(kb.rules, found["open"]),
        "reasons": [
            {"rule": each["rule"], "because": each["because"], "claims": ";".join(each["claims"])}
            for each in found["reasons"]
        ],
    }


def assert_shapes(kb: KnowledgeBase, cases: list[Case]) -> None:
    wanted = by_oracle(kb, cases)
    whole = [published(row) for row in in_shape(kb, cases, full).to_dicts()]
    assert whole == [
        {key: value for key, value in each.items() if key not in ("format", "kb")} for each in wanted
    ]
    kept = in_shape(kb, cases, stored).to_dicts()
    assert kept == [as_stored(each, kb) for each in wanted]


@examples(15, 60)
@given(bases_with_cases())
def test_the_shapes_of_a_drawn_base(read, drawn):
    text, answers = drawn
    kb = read(text)
    assert_shapes(kb, people(kb, answers))


@pytest.mark.parametrize("base", ["kb", "tests/bases/ottawa-ankle", "tests/bases/wells-dvt"])
def test_the_shapes_of_nobody_and_of_a_person_who_knows_nothing(base):
    kb = load(ROOT / base)
    assert_shapes(kb, people(kb, [{}, dict.fromkeys(kb.questions, "unknown")]))


@SHAPES
def test_a_file_gives_back_what_was_written(shape, kb, tmp_path):
    found = in_shape(kb, people(kb, [{}, {"age": 70}]), shape)
    found.write_parquet(tmp_path / "found.parquet")
    assert pl.read_parquet(tmp_path / "found.parquet").to_dicts() == found.to_dicts()


@SHAPES
@pytest.mark.parametrize("base", ["kb", "tests/bases/ottawa-ankle"])
def test_no_rows_have_the_columns_of_some(shape, base):
    kb = load(ROOT / base)
    nobody, somebody = (in_shape(kb, people(kb, answers), shape) for answers in ([], [{}]))
    assert (nobody.height, nobody.schema) == (0, somebody.schema)
    lazily = compile_plan(prepare(kb), shape).apply(frame_of([], kb.questions).lazy())
    assert lazily.collect_schema() == somebody.schema
    assert list(lines(compile_plan(prepare(kb), written), frame_of([], kb.questions))) == []


@SHAPES
def test_a_stream_gives_the_same_rows(shape, kb, tmp_path):
    plan, cases = compile_plan(prepare(kb), shape), sample(kb, 500, 1)
    cases.write_parquet(tmp_path / "cases.parquet")
    plan.apply(pl.scan_parquet(tmp_path / "cases.parquet")).sink_parquet(
        tmp_path / "found.parquet", **WRITING
    )
    assert pl.read_parquet(tmp_path / "found.parquet").equals(plan.apply(cases.lazy()).collect())


def test_what_can_be_true_is_never_null(kb):
    found = in_shape(kb, people(kb, [{}]), stored)
    for field in ("fired", "open", "findings", "texts", "inconsistencies", "disagreements"):
        flat = found[field].struct.unnest()
        assert set(flat.dtypes) == {pl.Boolean}
        assert not any(flat.null_count().row(0))


HOSTILE = """
knowledge_base: {name: 'quo"te', version: 1}
questions: {schema: {ask: a, kind: yes_no}, eager: {ask: b, kind: yes_no}}
findings: {schema: 'a "finding"', eager: b}
rules:
  schema: {when: {schema: yes}, then: {finding: schema}, because: 'a "quoted" \\ reason; né 漢字', ours: yes}
  eager: {when: {eager: yes}, then: {finding: eager}, because: "two\\nlines", ours: yes}
"""


def test_names_that_polars_has_a_meaning_for_and_texts_that_json_escapes(read):
    kb = read(HOSTILE)
    cases = people(kb, [{"schema": True, "eager": True}, {"schema": False}])
    assert_shapes(kb, cases)
    ids = [Case('"a"\\,}\n\u2028', cases[0].answers), Case("}", cases[1].answers)]
    (part,) = lines(compile_plan(prepare(kb), written), frame_of(ids, kb.questions))
    assert list(map(json.loads, part["line"])) == by_oracle(kb, ids)


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_rows_taken_a_few_at_a_time_are_the_same(rows, kb, monkeypatch):
    plan, frame = compile_plan(prepare(kb), written), sample(kb, 7, 1)
    at_once = [line for part in lines(plan, frame) for line in part["line"]]
    whole = compile_plan(prepare(kb), full).apply(frame.lazy())
    all_rows = whole.collect()
    monkeypatch.setattr(slots, "CELLS", 64 * rows)
    monkeypatch.setattr(shape, "ROOM", plan.shape.slots * rows)
    monkeypatch.setattr(complete, "PIECES", plan.shape.slots * rows)
    assert [line for part in lines(plan, frame) for line in part["line"]] == at_once
    assert whole.collect().equals(all_rows)


@pytest.mark.parametrize("many", [1, 8, 9, 64, 65, 255, 256, 257, 300, 70_000])
def test_lists_of_many_names(many):
    frame = pl.DataFrame({"even": [True, False, None], "odd": [None, True, False]})
    truths = {f"n{at}": pl.col("odd" if at % 2 else "even") for at in range(many)}
    listed = chosen("names", truths, truths)
    (numbers,) = listed.read(frame.select(*listed.packed()))
    assert numbers.to_list() == [list(range(0, many, 2)), list(range(1, many, 2)), []]


def test_no_names_at_all():
    (numbers,) = chosen("names", {}, []).read(pl.DataFrame({"id": ["a", "b"]}))
    assert numbers.to_list() == [[], []]
    assert list(Slots("none", ()).packed()) == []
