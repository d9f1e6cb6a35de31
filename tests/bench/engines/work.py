"""What every engine has to do, and the shape in which each does it.

In: a knowledge base. Out: the network that the programs are made from, and the columns that they fill: the
truth of every rule, and the columns of wide results that follow from it. `red_flags_open` is left out: which
questions are still open is a task of its own, which ours alone does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from engine.columns.wide import WidePlan, compile_wide
from engine.meaning.network import Compare, Gate, Network, Total, network
from engine.meaning.valuation import Prepared, prepare
from engine.model.knowledge_base import SUPPORT, KnowledgeBase

SIGNS = {"at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}
CONCLUDED = ("rule:", "finding:", "asked:", "scope", "inconsistency:")


@dataclass(frozen=True, slots=True)
class Work:
    """The rules of a knowledge base, to be made into a program.

    `names` are short names for nodes, for languages in which not all can be said; `grades` has the rules for
    each level, and for each condition the rules for each support, lowest first.
    """

    prepared: Prepared
    net: Network
    names: Mapping[str, str]
    plan: WidePlan
    grades: Mapping[str, Mapping[str, list[str]]]

    @property
    def kb(self) -> KnowledgeBase:
        """The knowledge base."""
        return self.prepared.kb

    @property
    def roots(self) -> list[str]:
        """The definitions that are to be concluded."""
        return [name for name in self.prepared.definitions if name.startswith(CONCLUDED)]

    @property
    def wide(self) -> list[pl.Expr]:
        """The columns of wide results that every engine fills, over the truth of rules and findings.

        The classes of scores, which no published base of the benchmark has, are left out.
        """
        names = [each.meta.output_name() for each in self.plan.results]
        left_out = {"red_flags_open", *(name for name in names if name.startswith("class."))}
        results = [each for each in self.plan.results if each.meta.output_name() not in left_out]
        return [pl.col("id"), *results]

    @property
    def urgency(self) -> list[pl.Expr]:
        """For each level whether a rule for it, or for one above it, fires: over the truth of rules."""
        rules = [
            [pl.col(f"rule:{id}") for id in self.prepared.rules_for[f"triage:{name}"]]
            for name in self.kb.levels
        ]
        return [
            pl.any_horizontal([pl.lit(False), *chain.from_iterable(rules[at:])]).alias(f"triage:{name}")
            for at, name in enumerate(self.kb.levels)
        ]

    @property
    def rules(self) -> list[str]:
        """The columns with the truth of every rule."""
        return [f"rule:{id}" for id in self.kb.rules]


def work_of(kb: KnowledgeBase) -> Work:
    """What there is to do for a knowledge base."""
    prepared = prepare(kb)
    roots = [name for name in prepared.definitions if name.startswith(CONCLUDED)]
    grades = {
        f"condition.{name}": {each: f"condition:{name}:{each}" for each in SUPPORT} for name in kb.conditions
    }
    grades = {"level": {level: f"triage:{level}" for level in kb.levels}} | grades
    rules = {
        column: {
            grade: [f"rule:{id}" for id in prepared.rules_for.get(key, [])] for grade, key in keys.items()
        }
        for column, keys in grades.items()
    }
    net = network(kb, prepared.definitions, roots, kb.scores.values())
    names = {name: f"n{at}" for at, name in enumerate(net.nodes)}
    return Work(prepared, net, names, compile_wide(prepared), rules)


def is_given(name: str, net: Network) -> bool:
    """Whether a node is a test that the answer alone decides."""
    node = net.nodes[name]
    return isinstance(node, Compare) and node.asked is None


class Unable(Exception):
    """What an engine cannot do here: why it is left out."""


def only_gates(work: Work, counting: bool = False) -> None:
    """Raise `Unable` where there are scores, or, unless the engine is `counting`, anything `at_least`."""
    nodes = work.net.nodes.values()
    if any(isinstance(node, Total) for node in nodes):
        raise Unable("its program has no scores")
    if not counting and any(isinstance(node, Gate) and not (node.is_all or node.is_any) for node in nodes):
        raise Unable("its program has no `at_least`")


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine with the rules in it.

    `own` brings a frame of cases into the engine's own form, which nobody times; `evaluate` finds the truth
    of the rules; `columns` are its results as rules and wide columns; `files` reads Parquet and writes the
    wide columns.
    """

    own: Callable[[pl.DataFrame], Any]
    evaluate: Callable[[Any], Any]
    columns: Callable[[Any], pl.DataFrame]
    files: Callable[[Path, Path], None]
