"""The engines of the benchmark conclude what ours does; the benchmark would raise otherwise."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest
from bench.engines import columns, floor, python_function
from bench.engines.__main__ import OURS, table
from bench.engines.checking import check, same
from bench.engines.measuring import Figures
from bench.engines.trial import affordable
from bench.engines.work import Unable, work_of
from generators import bases_with_cases
from hypothesis import given, settings

from engine.loading import load
from engine.sampling.files import parquet_schema
from engine.sampling.sample import USUAL, Shares, sample

BASES = Path(__file__).parent / "bases"
BASE = """
knowledge_base: {name: of every kind, version: 1}
questions:
  smokes: {ask: smokes, kind: yes_no}
  packs:
    {ask: packs, kind: number, unit: packs, minimum: 0, maximum: 9, decimals: 1, asked_when: {smokes: yes}}
  cough: {ask: cough, kind: choice, options: {dry: dry, wet: wet, other: other}, asked_when: {ill: yes}}
  ill: {ask: ill, kind: yes_no}
  signs: {ask: signs, kind: choices, options: {fever: fever, chills: chills, rash: rash}}
scope: {text: the ill, when: {ill: yes}}
findings: {many: many, heavy: heavy, risky: risky, few: few}
conditions: {flu: {text: flu}, cold: {text: cold}}
triage:
  home: {text: home}
  soon: {text: soon}
scores:
  risk:
    text: risk
    parts:
      - {points: 2, when: {smokes: yes}}
      - {points: -1.5, when: {not: {ill: yes}}}
      - {question: cough, points: {wet: 1, dry: 0.5}}
      - {question: packs, times: 0.25}
      - {question: packs, bands: [{below: 2.5, points: 0}, {below: 5, points: 1}, {points: 3}]}
rules:
  many:
    when: {at_least: {count: 2, of: [{smokes: yes}, {not: {ill: yes}}, {signs: [fever, rash]}, {cough: wet}]}}
    then: [{finding: many}, {condition: flu, support: typical}]
    because: so
    ours: yes
  heavy: {when: {packs: {above: 2.5}}, then: {finding: heavy}, because: so, ours: yes}
  risky:
    when: {score: {risk: {at_least: 2}}}
    then: [{finding: risky}, {triage: soon}]
    because: so
    ours: yes
  few: {when: {not: {signs: {at_least: 2}}}, then: [{finding: few}, {triage: home}], because: so, ours: yes}
  nothing:
    when: {signs: none, cough: [dry, wet]}
    then: {condition: cold, support: possible}
    because: so
    ours: yes
  sure: {when: always, then: {condition: cold, support: background}, because: so, ours: yes}
  flu:
    when: {any: [{finding: many}, {finding: heavy}]}
    then: {condition: flu, support: hallmark}
    because: so
    ours: yes
consistency:
  clash: {when: {signs: [rash], ill: no}, because: so}
"""
SCORES = BASE[BASE.index("scores:") : BASE.index("rules:")]
WITHOUT_SCORES = BASE.replace(SCORES, "").replace("score: {risk: {at_least: 2}}", "smokes: yes")

ENGINES = {
    "duckdb_sql": ("duckdb", "pyarrow"),
    "datafusion_sql": ("datafusion", "pyarrow"),
    "zen_decision": ("zen",),
    "clips_rules": ("clips",),
    "drools_rules": ("drools",),
}
"""The modules of engines, and what they need to have installed."""


@pytest.fixture(params=["ottawa-ankle", "wells-dvt", "of every kind", "without scores", "bundled"])
def any_base(request, read, kb):
    match request.param:
        case "bundled":
            return kb
        case "of every kind" | "without scores" as which:
            return read(BASE if which == "of every kind" else WITHOUT_SCORES)
        case folder:
            return load(BASES / folder)


def cases(kb, count: int, seed: int = 0, shares: Shares = USUAL) -> pl.DataFrame:
    """Cases as they lie in a Parquet file."""
    schema = parquet_schema(kb.questions)
    return sample(kb, count, seed, shares).select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def test_the_python_function_concludes_what_ours_does(any_base, tmp_path):
    work = work_of(any_base)
    engine = python_function.engine(work)
    for seed, unanswered in ((1, 0.3), (2, 0.0), (3, 0.9)):
        check(engine, work, cases(any_base, 300, seed, Shares(unanswered=unanswered, stray=0.3)), tmp_path)


@settings(max_examples=30)
@given(bases_with_cases(cases=1))
def test_the_python_function_of_a_drawn_base(read, drawn):
    concludes_the_same(python_function, read(drawn[0]))


@pytest.mark.parametrize("module", ["duckdb_sql", "datafusion_sql"])
@settings(max_examples=25)
@given(drawn=bases_with_cases(cases=1))
def test_sql_of_a_drawn_base(read, module, drawn):
    pytest.importorskip(ENGINES[module][0])
    concludes_the_same(import_module(f"bench.engines.{module}"), read(drawn[0]))


def concludes_the_same(module, kb) -> None:
    work, frame = work_of(kb), cases(kb, 30, shares=Shares(stray=0.3))
    engine = module.engine(work)
    same(engine.columns(engine.evaluate(engine.own(frame))), columns.engine(work).evaluate(frame))


def test_codes_are_read_as_what_they_mean(kb, tmp_path):
    work, frame = work_of(kb), cases(kb, 100)
    codes = frame.with_columns(pl.col(pl.Boolean).cast(pl.UInt8))
    check(columns.engine(work), work, codes, tmp_path)
    engine = columns.engine(work)
    same(engine.evaluate(engine.own(codes)), engine.evaluate(engine.own(frame)))


def made(module: str, work):
    """An engine, or a test that is skipped: not installed, or unable."""
    for each in ENGINES[module]:
        pytest.importorskip(each)
    if module == "drools_rules" and shutil.which("java") is None:
        pytest.skip("there is no java")
    return import_module(f"bench.engines.{module}").engine(work)


@pytest.mark.parametrize("module", ENGINES)
def test_another_engine_concludes_what_ours_does(module, any_base, tmp_path):
    work = work_of(any_base)
    try:
        engine = made(module, work)
    except Unable as error:
        pytest.skip(str(error))
    check(engine, work, cases(any_base, 200, 4, Shares(stray=0.3)), tmp_path)


@pytest.mark.parametrize("function", ["engine", "engine_on_our_matcher"])
def test_experta_concludes_what_ours_does(function, kb, tmp_path):
    work = work_of(kb)
    check(getattr(import_module("bench.engines.experta_rules"), function)(work), work, cases(kb, 3), tmp_path)


def test_what_differs_is_found(kb, tmp_path):
    ours = columns.engine(work_of(kb)).evaluate(cases(kb, 50))
    same(ours.sample(fraction=1, shuffle=True, seed=1), ours)
    for name in ("level", "rule:sudden-severe-pain", "condition.spinal_stenosis"):
        theirs = ours.with_columns(pl.lit(None, dtype=ours[name].dtype).alias(name))
        with pytest.raises(AssertionError, match=f"`{name}` of sample-[0-9]+ is None and not"):
            same(theirs, ours)
    with pytest.raises(AssertionError, match="lacking: settled"):
        same(ours.drop("settled"), ours)


def test_the_floor_writes_the_columns_of_the_results(kb, tmp_path):
    source, like, target = (tmp_path / name for name in ("in", "like", "out"))
    cases(kb, 50).write_parquet(source)
    columns.engine(work_of(kb)).files(source, like)
    floor.floor(source, target, like)
    assert pl.read_parquet_schema(target) == pl.read_parquet_schema(like)
    assert pl.read_parquet(target)["id"].to_list() == pl.read_parquet(like)["id"].to_list()


def test_slow_engines_get_few_cases(kb):
    frame = cases(kb, 500)
    engine = columns.engine(work_of(kb))
    assert affordable(engine, frame, 100) == 500
    assert affordable(engine, frame, 0) == 1


def test_the_table_sets_each_beside_ours():
    shown = table({OURS: Figures(10, 2e6, 1e6, 200), "slow": Figures(5, 123.4, 5.0, None)})
    assert shown.splitlines()[2:] == [
        f"| {OURS} | 2,000,000 | 1 × | 1,000,000 | 1 × | 200 | 10 |",
        "| slow | 123 | 16,200 × | 5 | 200,000 × |  | 5 |",
    ]
