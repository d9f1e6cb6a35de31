"""What engines share that take one case after another: only the firing of rules is left to them.

Polars reads the file, tests the answers (`age at_least 50`), and puts together levels, supports and the file
of results. So an engine is handed the truth of every test of a case, true, false or None, and gives back the
truth of every other node: the least work that a rule engine can have with a case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from engine.columns.truth import tested
from engine.meaning.holds import Truth
from engine.meaning.network import Compare
from facts.case import Case
from facts.tables.frame import cases_of, flag_of

from .work import Engine, Work

Truths = Sequence[Truth]
Evaluate = Callable[[Any], Any]
Results = Callable[[Any], Iterable[Truths]]


def by_tests(work: Work, own: Callable[[list[Truths]], Any], evaluate: Evaluate, results: Results) -> Engine:
    """An engine that fires rules over tests of answers.

    `own` gets for each case the truths of the nodes in `given(work)`, and makes of them what `evaluate` fires
    the rules for; `results` fires them, too, and gives the truths of `concluded(work)`.
    """
    return _engine(work, lambda frame: own(_tests(work, frame)), evaluate, results)


def by_cases(work: Work, evaluate: Evaluate, results: Results) -> Engine:
    """An engine that takes cases as cartsign has them."""
    return _engine(work, lambda frame: _cases(work, frame), evaluate, results)


def given(work: Work) -> list[str]:
    """The nodes that are tests of answers."""
    return [name for name, node in work.net.nodes.items() if isinstance(node, Compare)]


def concluded(work: Work) -> list[str]:
    """The other nodes."""
    return [name for name, node in work.net.nodes.items() if not isinstance(node, Compare)]


def _engine(work: Work, own: Callable[[pl.DataFrame], Any], evaluate: Evaluate, results: Results) -> Engine:
    schema = dict.fromkeys(concluded(work), pl.Boolean)

    def columns(made: tuple[pl.DataFrame, Any]) -> pl.DataFrame:
        frame, facts = made
        truths = pl.DataFrame(list(results(facts)), schema=schema, orient="row")
        concluded = pl.concat([frame, truths], how="horizontal").with_columns(work.urgency)
        return concluded.select(*work.rules, *work.wide)

    def files(source: Path, target: Path) -> None:
        frame = pl.read_parquet(source)
        columns((frame, own(frame))).drop(work.rules).write_parquet(target)

    def evaluated(made: tuple[pl.DataFrame, Any]) -> tuple[pl.DataFrame, Any]:
        evaluate(made[1])
        return made

    return Engine(lambda frame: (frame, own(frame)), evaluated, columns, files)


def _tests(work: Work, frame: pl.DataFrame) -> list[Truths]:
    tests = []
    for name in given(work):
        node = work.net.nodes[name]
        assert isinstance(node, Compare)
        tests.append(tested(node.question, node.test, work.kb.questions).alias(name))
    return list(frame.lazy().select(tests).collect().rows())


def _cases(work: Work, frame: pl.DataFrame) -> list[Case]:
    questions = work.kb.questions
    flags = [pl.lit(False).alias(flag_of(question)) for question in questions.values()]
    return list(cases_of(frame.with_columns(flags), questions))
