"""A program that uses the library stays as it was: log, `collections`, garbage collector, threads.

What an import does once is seen in a process of its own.
"""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

import engine

TESTS = Path(__file__).parent
BASE = TESTS / "bases" / "wells-dvt"
BUNDLED = engine.load(TESTS.parent / "kb")
ASSESS = f"engine.assess(engine.load({str(BASE)!r}), {{'active_cancer': True}})"


def host(program: str) -> str:
    """What a program prints that uses the library; warnings as usual, whatever runs the tests."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_nothing_of_the_process_is_otherwise_afterwards():
    program = f"""
    import collections, gc, logging, signal, sys, threading, warnings

    def state():
        loggers = {{name: each for name, each in logging.root.manager.loggerDict.items()
                    if isinstance(each, logging.Logger)}}
        return {{
            "root": (list(logging.root.handlers), logging.root.level, logging.root.manager.disable),
            "levels": {{name: each.level for name, each in loggers.items() if each.level}},
            "handlers": {{name: each.handlers for name, each in loggers.items() if each.handlers}},
            "logging": (logging.basicConfig, logging.getLoggerClass()),
            "warnings": (list(warnings.filters), warnings.showwarning),
            "collections": set(vars(collections)),
            "collector": (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count(), list(gc.callbacks)),
            "process": (sys.getrecursionlimit(), sys.excepthook, threading.excepthook, list(sys.path)),
            "signals": [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)],
        }}

    before = state()
    import engine
    kb = engine.load({str(BASE)!r})
    engine.assess(kb, {{"active_cancer": True}})
    engine.explain(kb, {{}}, why=[], why_not=[], what_if={{"active_cancer": True}})
    after = state()
    print([name for name in before if before[name] != after[name]])
    """
    assert host(program) == "[]\n"


def test_the_log_that_a_host_sets_up_afterwards_is_the_one_it_gets(tmp_path):
    log = tmp_path / "host.log"
    program = f"""
    import engine, logging
    {ASSESS}
    logging.basicConfig(level=logging.INFO, filename={str(log)!r})
    logging.info("ours")
    """
    assert host(program) == ""
    assert log.read_text() == "INFO:root:ours\n"


def test_answers_get_into_a_log_only_where_somebody_watches_experta():
    program = f"""
    import engine, logging
    logging.basicConfig(level=logging.DEBUG, format="%(name)s")
    {ASSESS}
    logging.info("ours")
    import experta
    experta.watch("FACTS")
    {ASSESS}
    """
    first, *others = host(program).splitlines()
    assert first == "root"
    assert set(others) == {"experta.watchers.FACTS"}


def test_a_host_may_have_a_mapping_of_its_own_and_import_experta_before():
    program = f"""
    import collections.abc
    collections.Mapping = ours = collections.abc.Mapping
    import engine, experta
    {ASSESS}
    print(collections.Mapping is ours, bool(experta.KnowledgeEngine))
    """
    assert host(program) == "True True\n"


def test_a_host_may_import_experta_in_vain_before_and_with_success_after():
    program = f"""
    import engine
    try:
        import experta
    except AttributeError as error:
        print(error)
    {ASSESS}
    import experta, experta.matchers, collections
    print(hasattr(collections, "Mapping"), bool(experta.KnowledgeEngine))
    """
    assert host(program) == "module 'collections' has no attribute 'Mapping'\nFalse True\n"


@pytest.fixture
def hasty():
    """Threads that take turns all the time."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture(scope="module")
def kb():
    return engine.load(BASE)


def answers(at):
    return {
        "active_cancer": bool(at & 1),
        "earlier_thrombosis": bool(at & 2),
        "leg_signs": ["tenderness"] if at & 4 else [],
        "calf_difference": at % 9,
    }


def assessed(kb, at):
    return engine.assess(kb, answers(at), f"case {at}").to_json()


def explained(_, at):
    given = {"walking_effect": ("begins", "increases")[at % 2], "age": 40 + at}
    found = engine.explain(BUNDLED, given, why=[], why_not=["sciatica"], what_if={"age": None})
    return repr((found.assessment, found.why, found.why_not, found.what_if))


def in_columns(kb, at):
    rows = [{"active_cancer": bool(at & 1), "calf_difference": each} for each in range(at % 9)]
    frame = pl.DataFrame(rows, schema={"active_cancer": pl.Boolean, "calf_difference": pl.Int64})
    return engine.assess_frame(kb, frame).write_json()


def loaded(kb, at):
    return engine.load(BASE).sha256


@pytest.mark.parametrize(
    ("function", "cases"), [(assessed, 60), (explained, 2), (in_columns, 5), (loaded, 2), (None, 1)]
)
def test_several_threads_get_what_one_gets(kb, hasty, function, cases):
    functions = [function] if function else [assessed, explained, in_columns, loaded]
    jobs = [(each, at) for each in functions for at in range(cases)]
    expected = {job: job[0](kb, job[1]) for job in jobs}

    def wrong(thread):
        mine = random.Random(thread).sample(jobs, len(jobs))
        return [(each.__name__, at) for each, at in mine if each(kb, at) != expected[each, at]]

    with ThreadPoolExecutor(4) as pool:
        assert [job for found in pool.map(wrong, range(4)) for job in found] == []
