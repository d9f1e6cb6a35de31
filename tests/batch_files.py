"""The same cases in files of every kind, for the tests of runs, and a base that a run is soon through with.

A module that imports `kb` and `default_base` has the short base in place of the bundled one.
"""

from __future__ import annotations

import json

import polars as pl
import pytest

from engine import KnowledgeBase, load
from engine.columns.wide import compile_wide
from engine.meaning.valuation import prepare
from engine.sampling.sample import sample
from facts.cases.text import text_of
from facts.tables.frame import cases_of, flag_of

FORMS = ("wide.parquet", "wide.csv", "wide.jsonl", "full.parquet", "full.jsonl")
MANY, SOME = 200, 40
SHORT = """
knowledge_base: {name: short, version: 1}
sources: {S1: {title: One}}
claims: {S1-1: {source: S1, claim: a weak leg is urgent}}
questions:
  age: {ask: How old are you?, kind: number, unit: years, minimum: 0, maximum: 120}
  walking_effect: {ask: What does walking do?, kind: choice, options: {begins: begins, increases: grows}}
  leg_weakness: {ask: Is a leg weak?, kind: yes_no}
  foot_drop: {ask: Does a foot drop?, kind: yes_no, asked_when: {leg_weakness: yes}}
  eased_by: {ask: What eases it?, kind: choices, options: {resting: rest, sitting: a seat,
    leaning_forward: leaning}}
findings: {weak: a weak leg}
conditions: {stenosis: {text: a narrow canal, serious: yes}}
triage: {self_care: {text: self-care}, routine: {text: routine}, urgent: {text: urgent, red_flag: yes},
  emergency: {text: emergency, red_flag: yes}}
advice_kinds: {home: At home}
advice: {rest: {kind: home, text: Rest.}, walk: {kind: home, text: Walk.}}
scores: {risk: {text: the risk, parts: [{points: 1, when: {leg_weakness: yes}}, {points: 0.5,
  when: {age: {at_least: 65}}}], ours: yes}}
rules:
  weak: {when: {leg_weakness: yes}, then: {finding: weak}, because: So it is., ours: yes}
  narrow: {when: {eased_by: [sitting, leaning_forward]}, then: {condition: stenosis, support: typical},
    because: Bending makes room., ours: yes}
  rests: {when: {age: {below: 65}}, then: [{triage: self_care}, {give: [rest, walk]}],
    because: Young., ours: yes}
  walks: {when: {walking_effect: begins}, then: {triage: routine}, because: It begins., ours: yes}
  soon: {when: {finding: weak}, then: [{triage: urgent}, {hold: walk}], because: It is weak.,
    claims: [S1-1]}
  now: {when: {foot_drop: yes, score: {risk: {at_least: 1.5}}}, then: {triage: emergency},
    because: It drops., ours: yes}
"""


@pytest.fixture(scope="module")
def kb(tmp_path_factory) -> KnowledgeBase:
    """The short base."""
    folder = tmp_path_factory.mktemp("short")
    (folder / "base.yaml").write_text(SHORT)
    return load(folder / "base.yaml")


@pytest.fixture(autouse=True)
def default_base(tmp_path_factory, monkeypatch):
    """Commands take the short base where no base is named."""
    path = tmp_path_factory.getbasetemp() / "short.yaml"
    path.write_text(SHORT)
    monkeypatch.setattr("engine.commands.grammar.bundled", lambda: path)
    return path


@pytest.fixture(scope="module")
def cases(kb):
    """Random cases as a canonical frame, with nobody saying that they do not know, as some files cannot."""
    frame = sample(kb, MANY, 7)
    return frame.with_columns(pl.lit(False).alias(flag_of(each)) for each in kb.questions.values())


@pytest.fixture(scope="module")
def reference(kb, cases):
    """What wide results have to be."""
    plan = compile_wide(prepare(kb))
    return plan.apply(cases.lazy()).select("id", *plan.names).collect()


@pytest.fixture
def files(tmp_path, kb, cases):
    """The same cases in files of every kind."""
    plain = cases.drop(flag_of(each) for each in kb.questions.values())
    plain.write_parquet(tmp_path / "cases.parquet", row_group_size=50)
    codes = [pl.col(name).cast(pl.Int8) for name, dtype in plain.schema.items() if dtype == pl.Boolean]
    plain.with_columns(codes).write_parquet(tmp_path / "codes.parquet")
    plain.write_csv(tmp_path / "cases.csv")
    rows = list(cases_of(cases, kb.questions))
    objects = [{"id": case.id, "answers": dict(case.answers)} for case in rows]
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(each) + "\n" for each in objects))
    (tmp_path / "cases.json").write_text(json.dumps(objects))
    (tmp_path / "cases.yaml").write_text("".join(text_of(case, kb.questions) for case in rows))
    return tmp_path


@pytest.fixture
def small(monkeypatch, kb):
    """Segments of few rows, so that a run has many."""
    monkeypatch.setattr("engine.batch.job.rows_at_a_time", lambda kb, shape: 50)
    monkeypatch.setattr("facts.files.gathered.MANY", 50)
    monkeypatch.setattr("facts.tables.blocks.SIZE", 1_200 * len(kb.questions))


def shape(form: str) -> tuple[str, ...]:
    return "--shape", form.split(".")[0], "-o", f"out.{form.split('.')[1]}"


def written(path) -> pl.DataFrame:
    reader = {".parquet": pl.read_parquet, ".csv": pl.read_csv, ".jsonl": pl.read_ndjson}[path.suffix]
    return reader(path, **({} if path.suffix == ".parquet" else {"infer_schema_length": None}))


def everything(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*out.*") if path.is_file()}
