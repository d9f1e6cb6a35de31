"""`cartsign coverage --mcdc --mutate`: what is measured beyond the coverage of parts, and how it is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from engine.commands.lacking import write_cases
from engine.commands.printing import show_table
from engine.commands.shared import counted, say
from engine.coverage.deeper import Deeper, Found
from engine.coverage.mcdc.measure import Conditions
from engine.coverage.missing_case import case_lines, case_texts
from engine.coverage.mutation.measure import Mutation
from engine.model.knowledge_base import KnowledgeBase
from facts.case import Case
from facts.problem import render


def measured_deeper(
    kb: KnowledgeBase, cases: Sequence[Case], chosen: Collection[str], mcdc: bool, mutate: bool
) -> Deeper:
    """MC/DC, a mutation score, or both, of the chosen rules; of everything if all are chosen."""
    conditions = Conditions(kb, cases) if mcdc else None
    mutation = Mutation(kb, cases) if mutate else None
    extent = None if conditions is None else conditions.extent()
    score = None if mutation is None else mutation.score(chosen)
    if extent is not None and len(chosen) < len(kb.rules):
        extent = extent.of_rules(chosen)
    return Deeper(kb, conditions, extent, mutation, score)


def show_deeper(deeper: Deeper, found: Sequence[Found]) -> None:
    """Print the tables of figures, then what no case shows, each with the smallest case that would show it,
    if one was searched for.
    """
    from engine.coverage.terminal import figures

    for rows, words in (
        (deeper.mcdc(), ("MC/DC", "possible", "shown")),
        (deeper.mutants(), ("mutants", "that change something", "killed")),
    ):
        if rows:
            show_table(figures(rows, *words))
            say("")
    told = [each for each in found if each.case is not None or each.is_undecided]
    for each in told:
        lines = [] if each.case is None else case_lines(each.case, deeper.kb.questions)
        say("\n".join([render(each.problem), *lines]) + "\n")
    if len(found) > len(told):
        say(f"and {len(found) - len(told):,} more, which `--all` shows\n")
    if deeper.mutation is not None and (failing := deeper.mutation.suite.failing):
        say(f"{counted(len(failing), 'case')} cannot notice anything, because they fail already")


def write_missing(out: Path, found: Iterable[Found], kb: KnowledgeBase) -> None:
    """Write the missing cases to a file. Each has a `todo` until a person confirms what it expects."""
    cases = [each.case for each in found if each.case is not None]
    write_cases(out, list(case_texts(cases, kb.questions)))
