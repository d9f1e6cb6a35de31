"""What the tests share: the knowledge bases, and the machines that assess a case, all in one shape."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

import oracle
import sweeps

from engine import KnowledgeBase, load
from engine.assessments.complete import compile_plan, lines, written
from engine.commands import main
from engine.experta_target import Engine
from engine.loading import read_knowledge_base
from engine.meaning.assembly import assemble
from engine.meaning.valuation import Valuation, prepare
from engine.model.assessment import Assessment
from facts.case import Case, from_mapping
from facts.files.cases import read_cases
from facts.problem import Problem
from facts.tables.canonical import frame_of

BUNDLED = Path(__file__).parent.parent / "kb"

Target = Callable[[KnowledgeBase, Sequence[Case]], list[dict[str, object]]]

Assess = Callable[[str, dict[str, object]], dict[str, object]]

settings.register_profile(
    "cartsign", deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("cartsign")


MEMORY = "/dev/shm"
"""Where the files of tests are, if it has room: on a disk, runs wait thousands of times, some milliseconds
each, until a file is safe or deleted. No test can see a difference.
"""
ROOM = 4 << 30
"""Number of bytes that must be free there."""


def pytest_configure(config: pytest.Config) -> None:
    sweeps.are_asked_for = "sweep" in config.option.markexpr
    if sys.dont_write_bytecode and hasattr(config, "cache"):
        keep_bytecode_in(config.cache.mkdir("bytecode"))
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


def keep_bytecode_in(folder: Path) -> None:
    """Let this process, and those that it starts, keep what they compile in a folder.

    Where Python is told to write no bytecode, it goes there and not beside the sources: each of a hundred
    processes would compile the engine again, and each process of tests all of the tests.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(folder)
    sys.dont_write_bytecode = False


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """The tests of a module run in one process, so that what they share is made once."""
    from xdist.scheduler import LoadScopeScheduling

    return LoadScopeScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long sweeps run when they are asked for, with `-m sweep`."""
    if "sweep" not in config.option.markexpr:
        for item in items:
            marker = item.get_closest_marker("sweep")
            if marker and "few" not in marker.kwargs:
                item.add_marker(pytest.mark.skip(reason="a long sweep: pytest -m sweep"))


def on_oracle(kb: KnowledgeBase, cases: Sequence[Case]) -> list[dict[str, object]]:
    return [oracle.assess(kb, case) for case in cases]


def on_experta(kb: KnowledgeBase, cases: Sequence[Case]) -> list[dict[str, object]]:
    engine = Engine(prepare(kb))
    return [json.loads(assemble(engine.fire(case.answers), case.id).to_json()) for case in cases]


def on_columns(kb: KnowledgeBase, cases: Sequence[Case]) -> list[dict[str, object]]:
    parts = lines(compile_plan(prepare(kb), written), frame_of(cases, kb.questions))
    return [json.loads(line) for part in parts for line in part["line"]]


TARGETS: dict[str, Target] = {"oracle": on_oracle, "experta": on_experta, "columns": on_columns}


@pytest.fixture(scope="session", params=TARGETS)
def target(request: pytest.FixtureRequest) -> Target:
    """A machine: cases in, assessments as plain values out."""
    return TARGETS[request.param]


@lru_cache
def bundled_base() -> KnowledgeBase:
    return load(BUNDLED)


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """The bundled knowledge base."""
    return bundled_base()


@pytest.fixture(scope="session")
def bundled_cases(kb: KnowledgeBase) -> list[Case]:
    """The bundled cases."""
    return [case for case in read_cases([BUNDLED / "cases"], kb.questions) if isinstance(case, Case)]


@pytest.fixture(scope="session")
def fired(kb: KnowledgeBase, bundled_cases: list[Case]) -> list[tuple[Case, Valuation, Assessment]]:
    """The bundled cases, what experta found for each, and its assessment: made once, not to be changed."""
    engine = Engine(prepare(kb))
    valued = [(case, engine.fire(case.answers)) for case in bundled_cases]
    return [(case, valuation, assemble(valuation, case.id)) for case, valuation in valued]


@pytest.fixture(scope="session")
def bundled(
    kb: KnowledgeBase, bundled_cases: list[Case], request: pytest.FixtureRequest
) -> Callable[[str], list[dict[str, object]]]:
    """The assessments of all bundled cases by a machine, made once and not to be changed."""

    @lru_cache
    def assessed_by(machine: str) -> list[dict[str, object]]:
        if machine == "experta":
            found = request.getfixturevalue("fired")
            return [json.loads(assessment.to_json()) for _, _, assessment in found]
        return TARGETS[machine](kb, bundled_cases)

    return assessed_by


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], KnowledgeBase]:
    """Loads a knowledge base from a text; of one that several machines are given in turn, only once."""
    path = tmp_path_factory.mktemp("kb") / "base.yaml"

    @lru_cache(maxsize=500)
    def from_text(text: str) -> KnowledgeBase:
        path.write_text(text, encoding="utf-8")
        return load(path)

    return from_text


def pytest_addoption(parser: pytest.Parser) -> None:
    """One flag rewrites every golden file, for review."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden files and the README's sessions"
    )


@pytest.fixture(scope="session")
def assess(target: Target, read: Callable[[str], KnowledgeBase]) -> Assess:
    """The assessment of one person's answers by the knowledge base in a text."""

    def one(text: str, answers: dict[str, object]) -> dict[str, object]:
        kb = read(text)
        return target(kb, [from_mapping(answers, kb.questions)])[0]

    return one


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `cartsign` with some words, in a folder of its own; the base of the tests is not loaded again."""

    def loaded(path: str) -> tuple[KnowledgeBase | None, list[Problem]]:
        return (bundled_base(), []) if path == str(BUNDLED) else read_knowledge_base(path)

    monkeypatch.setattr("engine.commands.shared.read_knowledge_base", loaded)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "96")

    def invoke(*words: str, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(main, list(words), input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """Writes a file into that folder."""

    def to_file(name: str, text: str) -> str:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return to_file
