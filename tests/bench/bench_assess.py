"""What one assessment costs: as a whole process, warm on experta, and a million at a time in columns.

Run with `python -m pytest tests/bench/bench_assess.py`; nothing here is part of the test suite.
"""

import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from engine.assessments.complete import compile_plan
from engine.experta_target import Engine
from engine.loading import load
from engine.meaning.assembly import assemble
from engine.meaning.valuation import prepare
from facts.case import Case
from facts.files.cases import read_cases
from facts.tables.canonical import frame_of
from facts.vocabulary import Answer, Choice, Choices, Kind, YesNo

KB = Path(__file__).parents[2] / "kb"
MILLION = 1_000_000
CHUNK = 250_000

ONE_CASE = """
id: leans-on-the-cart
answers:
  walking_effect: begins
  pain_where: [lower_back, both_legs]
  eased_by: [sitting, leaning_forward]
"""


@pytest.fixture(scope="module")
def prepared():
    return prepare(load(KB))


@pytest.fixture(scope="module")
def cases(prepared):
    return [case for case in read_cases([KB / "cases"], prepared.kb.questions) if isinstance(case, Case)]


@pytest.fixture(scope="module")
def million(prepared):
    """A million random cases: 1,000 distinct ones, three answers in ten missing, shuffled."""
    chance = random.Random(1)
    made = [_random_case(number, prepared.kb.questions, chance) for number in range(1_000)]
    frame = frame_of(made, prepared.kb.questions)
    return pl.concat([frame] * (MILLION // 1_000)).sample(fraction=1, shuffle=True, seed=1)


def _random_case(number, questions, chance) -> Case:
    asked = [name for name in questions if chance.random() >= 0.3]
    return Case(str(number), {name: _random_answer(questions[name].kind, chance) for name in asked})


def _random_answer(kind: Kind, chance: random.Random) -> Answer:
    match kind:
        case YesNo():
            return chance.random() < 0.5
        case Choice(options):
            return chance.choice(list(options))
        case Choices(options):
            return {option: chance.random() < 0.2 for option in options}
        case _:
            return chance.randint(int(kind.minimum), min(int(kind.maximum), 100))


def test_one_case_as_a_whole_process(benchmark, tmp_path):
    file = tmp_path / "case.yaml"
    file.write_text(ONE_CASE)
    command = [sys.executable, "-m", "engine", "assess", str(file)]
    benchmark.pedantic(
        subprocess.run, (command,), {"check": True, "capture_output": True}, rounds=10, warmup_rounds=1
    )


def test_python_alone_as_a_whole_process(benchmark):
    command = [sys.executable, "-c", "pass"]
    benchmark.pedantic(subprocess.run, (command,), {"check": True}, rounds=10, warmup_rounds=1)


def test_experta_all_cases_of_the_knowledge_base_warm(benchmark, prepared, cases):
    engine = Engine(prepared)
    benchmark.extra_info["cases"] = len(cases)
    benchmark(lambda: [assemble(engine.fire(case.answers), case.id) for case in cases])


class OnExpertasMatcher(Engine):
    """The same productions on experta's own network."""

    __matcher__ = Engine.__base__.__matcher__


@pytest.mark.parametrize("engine", [Engine, OnExpertasMatcher])
def test_experta_firing_alone(benchmark, engine, prepared, cases):
    """The rules of every tenth case, on our matcher and on experta's, no assessment."""
    fired, some = engine(prepared), cases[::10]
    benchmark.extra_info["cases"] = len(some)
    benchmark.pedantic(lambda: [fired.fire(case.answers) for case in some], rounds=5, warmup_rounds=1)


def test_columns_rules_of_a_million_cases(benchmark, prepared, million):
    """The truth of every rule, no assessment."""
    plan = compile_plan(prepared)
    frame = million.lazy()
    for step in plan.steps[: len(plan.network.strata)]:
        frame = frame.with_columns(step)
    rules = frame.select(f"rule:{id}" for id in prepared.kb.rules)
    benchmark.pedantic(rules.collect, rounds=3, warmup_rounds=1)


def test_columns_whole_assessments_of_a_million_cases(benchmark, prepared, million):
    """Every field of the assessment, in chunks."""
    plan = compile_plan(prepared)

    def run() -> int:
        return sum(plan.apply(chunk.lazy()).collect().height for chunk in million.iter_slices(CHUNK))

    assert benchmark.pedantic(run, rounds=1) == MILLION
