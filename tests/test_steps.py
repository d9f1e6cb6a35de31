"""Steps of columns: as many as a chain of rules is long, and no query grows with it."""

from __future__ import annotations

import json

import polars as pl
import pytest
from test_check_scale import chain
from test_loader_size import large_base

from engine.assessments.complete import compile_plan, lines, written
from engine.columns.steps import MOST, applied
from engine.columns.wide import compile_wide
from engine.meaning.valuation import prepare
from facts.case import from_mapping
from facts.tables.canonical import frame_of

LENGTHS = [MOST - 1, MOST, MOST + 1, 3 * MOST + 7]


def queried(frame: pl.LazyFrame) -> int:
    """How many steps the query has."""
    return frame.explain(optimized=False).count("WITH_COLUMNS")


@pytest.mark.parametrize("length", LENGTHS)
def test_any_number_of_steps_reads_what_was_there_before(length):
    steps = [[(pl.col(f"s{at - 1}" if at else "first") + 1).alias(f"s{at}")] for at in range(length)]
    steps.insert(1, [])
    steps.append([pl.lit(True).alias("always"), (pl.col("s0") + pl.col("first")).alias("sum")])
    made = applied(pl.LazyFrame({"id": ["a", "b"], "first": [1, 10]}), steps)
    assert queried(made) <= MOST
    found = made.collect()
    assert found.columns == ["id", "first", *(f"s{at}" for at in range(length)), "always", "sum"]
    assert found.select("id", f"s{length - 1}", "always", "sum").rows() == [
        ("a", 1 + length, True, 3),
        ("b", 10 + length, True, 21),
    ]
    assert applied(pl.LazyFrame(schema={"id": pl.String, "first": pl.Int64}), steps).collect().is_empty()


@pytest.mark.parametrize("length", LENGTHS)
def test_a_step_may_make_a_column_anew(length):
    steps = [[(pl.col("n") + 1).alias("n")] for _ in range(length)]
    found = applied(pl.LazyFrame({"id": ["a"], "n": [1], "kept": [7]}), steps).collect()
    assert found.rows() == [("a", 1 + length, 7)]


def answered(length: int) -> list[dict[str, object]]:
    """Everything, all but the last but one, nothing, and a no in the middle."""
    yes = {f"q{at}": True for at in range(length)}
    return [yes, {**yes, f"q{length - 2}": None}, {}, {**yes, f"q{length // 2}": False}]


@pytest.mark.parametrize("length", [3, 2 * MOST])
def test_a_long_chain_of_findings_comes_out_link_by_link_in_columns(read, length):
    kb = read(chain(length))
    cases = [from_mapping(each, kb.questions, str(at)) for at, each in enumerate(answered(length))]
    plan = compile_wide(prepare(kb))
    wide = plan.apply(frame_of(cases, kb.questions).lazy())
    assert queried(wide) <= MOST
    findings = [f"finding.f{at}" for at in range(length)]
    all_but = [True] * (length - 2) + [None] * 2
    middle = [True] * (length // 2) + [False] * (length - length // 2)
    expected = [[True] * length, all_but, [None] * length, middle]
    assert [list(row) for row in wide.select(findings).collect().rows()] == expected
    plan = compile_plan(prepare(kb), written)
    assert queried(plan.packed(frame_of(cases, kb.questions).lazy())) <= 2 * MOST
    full = [json.loads(line) for part in lines(plan, frame_of(cases, kb.questions)) for line in part["line"]]
    assert [each["findings"] for each in full] == [
        [f"f{at}" for at, value in enumerate(row) if value] for row in expected
    ]
    assert [len(each["ask_next"]) for each in full] == [0, 1, length, 0]


@pytest.mark.parametrize("rules", [165, 1600])
def test_a_wide_base_is_one_query(read, rules):
    prepared = prepare(read(large_base(rules)))
    wide, full = compile_wide(prepared), compile_plan(prepared)
    assert len(wide.steps) + len(full.steps) + len(full.shape.steps) < MOST


def test_the_bundled_base_is_one_query(kb):
    assert len(compile_wide(prepare(kb)).steps) < MOST // 4
