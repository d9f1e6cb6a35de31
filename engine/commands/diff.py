"""`cartsign diff`: what changes between two versions of a knowledge base, proved for every possible case."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

import click

from engine.commands.grammar import base_named
from engine.commands.lacking import need_solver
from engine.commands.revisions import Version, version
from engine.commands.sample import people_of, whole_number
from engine.commands.shared import (
    FINDINGS,
    FINE,
    KB_OPTION,
    UNFINISHED,
    LeftOut,
    end,
    say,
    say_document,
)
from facts.case import Case, accepted
from facts.files.cases import read_cases
from facts.problem import Problem, Span, quote, suggest

if TYPE_CHECKING:
    from engine.proofs.comparison import Comparison
    from engine.proofs.counted import Counting
    from engine.proofs.versions import Compared, Comparing

FORMATS = ("text", "json", "markdown")


@click.command(short_help="Show what changes between two versions of a knowledge base.")
@click.argument("words", nargs=-1, metavar="OLD [NEW]")
@click.option(
    "--allow-less-urgent",
    "allowed",
    multiple=True,
    metavar="RULE",
    help="Allow changes of this rule to make somebody less urgent; may be repeated.",
)
@click.option(
    "--cases",
    "files",
    multiple=True,
    metavar="FILE",
    help="Count how many of these cases change; more files may follow NEW.",
)
@click.option("--population", metavar="FILE", help="Count how many of the people of this population change.")
@click.option(
    "--people",
    default="10000",
    show_default=True,
    metavar="N",
    callback=whole_number(1, "number of people"),
    help="The number of people to draw from it.",
)
@click.option(
    "--seconds",
    default="120",
    show_default=True,
    metavar="N",
    callback=whole_number(1, "number of seconds"),
    help="Stop after this time; what is not proved by then is undecided.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Output."
)
@click.option("--json", "as_document", is_flag=True, help="Short for `--format json`.")
@click.option("--all", "everything", is_flag=True, help="Show every entry, change and case.")
@KB_OPTION
def diff(
    words: tuple[str, ...],
    allowed: tuple[str, ...],
    files: tuple[str, ...],
    population: str | None,
    people: int,
    seconds: int,
    form: str,
    as_document: bool,
    everything: bool,
    kb_path: str | None,
) -> None:
    """Prove what stays the same between two versions of a knowledge base, and show what changes.

    OLD and NEW are folders or files, as they are now or in a git revision of this repository (HEAD~1:kb). NEW
    is by default the knowledge base given with --kb.

    For each level, condition, finding, item of advice, text and question, the command proves that it stays
    the same for every possible case, or shows a smallest case for which it does not, with the rules
    responsible. Entries that were renamed are recognised.

    Exit codes: 0 nobody becomes less urgent, unless allowed; 1 somebody does; 2 wrong usage or a broken
    knowledge base; 3 undecided in the given time.
    """
    old_word, new_word, others = _words(words, kb_path, bool(files))
    need_solver("diff")
    with ExitStack() as stack:
        old, new = (stack.enter_context(version(word)) for word in (old_word, new_word))
        _check_rules(allowed, old, new)
        begun = monotonic()
        from engine.proofs.comparison import Comparison
        from engine.proofs.entries import entries
        from engine.proofs.versions import Comparing

        comparing = Comparing(old.kb, new.kb, begun + seconds, frozenset(allowed))
        compared = comparing.compared()
        found = [
            replace(each, span=(old if each.word == "removed" else new).place(each.span))
            for each in entries(comparing)
        ]
        left_out, counting, cases = LeftOut(), None, ""
        if files or population is not None:
            counting, cases = _counting(comparing, compared), " ".join((*files, *others)) or str(population)
            counting.add(_cases(comparing, (*files, *others), left_out))
            counting.add(_drawn(new, population, people))
        words_ = (old.word, new.word)
        comparison = Comparison(
            words_, old.kb, new.kb, comparing.joined, compared, entries=found, counting=counting, cases=cases
        )
        _show("json" if as_document else form, comparison, everything, monotonic() - begun)
    left_out.summarise()
    code = FINDINGS if comparison.falls else UNFINISHED if comparison.undecided else FINE
    sys.exit(code or left_out.code(bool(counting and counting.rows)))


def _words(words: Sequence[str], kb_path: str | None, has_cases: bool) -> tuple[str, str, tuple[str, ...]]:
    """The words for both versions, and further files of cases."""
    if not words:
        raise click.UsageError("Missing argument 'OLD'.", click.get_current_context())
    old, *rest = words
    if kb_path is not None:
        new, others = kb_path, rest
    else:
        new, others = (rest[0], rest[1:]) if rest else (base_named([]), [])
    if others and not has_cases:
        message = f"{quote(others[0])} is one version too many: only two can be compared"
        end(Problem("unknown-word", message, Span("diff"), "name cases with `--cases`"))
    return old, new, tuple(others)


def _check_rules(allowed: Sequence[str], old: Version, new: Version) -> None:
    """Ensure that the allowed rules exist in one of the versions."""
    rules = list(dict.fromkeys((*old.kb.rules, *new.kb.rules)))
    for each in allowed:
        if each not in rules:
            help = suggest(each, rules, "rules") or "name a rule of one of the two versions"
            message = f"there is no rule {quote(each)} in either version"
            end(Problem("unknown-rule", message, Span("--allow-less-urgent"), help))


def _counting(comparing: Comparing, compared: Sequence[Compared]) -> Counting:
    from engine.proofs.counted import Counting

    return Counting(comparing, compared)


def _cases(comparing: Comparing, files: Sequence[str], left_out: LeftOut) -> Iterator[Case]:
    """The cases of files, with the answers that either version knows."""
    yield from accepted(read_cases(files, comparing.joined.questions), left_out.add) if files else ()


def _drawn(new: Version, population: str | None, people: int) -> Iterator[Case]:
    """People drawn from a population of the new version."""
    if population is not None:
        from engine.sampling.sample import slices
        from facts.tables.frame import cases_of

        for frame in slices(new.kb, people, 0, people_of(population, new.kb)):
            yield from cases_of(frame, new.kb.questions)


def _show(form: str, comparison: Comparison, everything: bool, took: float) -> None:
    from engine.proofs.comparison_document import as_plain
    from engine.proofs.comparison_markdown import markdown
    from engine.proofs.comparison_terminal import text

    match form:
        case "json":
            say_document(as_plain(comparison))
        case "markdown":
            say("\n".join(markdown(comparison)))
        case _:
            say("\n".join(text(comparison, everything, took)))
