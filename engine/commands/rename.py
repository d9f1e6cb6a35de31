"""`cartsign rename`: give something another name in every file that names it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from engine.commands.grammar import base_named
from engine.commands.shared import BROKEN, KB_OPTION, counted, end, loaded, say, tell
from facts.problem import Problem, Rejected

KINDS = (
    *(
        "question",
        "option",
        "class",
        "finding",
        "condition",
        "level",
        "kind",
        "advice",
        "text",
        "number",
        "score",
    ),
    *("rule", "claim", "source", "inconsistency", "disagreement", "property"),
)


@click.command(short_help="Rename something in the rules, the cases and their expectations.")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("old")
@click.argument("new")
@click.option(
    "--cases",
    "more",
    multiple=True,
    metavar="FILE",
    help="Rename it in these case files or folders too; may be repeated. [the folder `cases` always]",
)
@click.option(
    "--map", "maps", multiple=True, metavar="FILE", help="Rename it in this map, too; may be repeated."
)
@click.option(
    "--formerly",
    "is_kept",
    is_flag=True,
    help="Declare the old name of a question or option, so that files that have it can still be read.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@KB_OPTION
def rename(
    kind: str,
    old: str,
    new: str,
    more: tuple[str, ...],
    maps: tuple[str, ...],
    is_kept: bool,
    dry_run: bool,
    kb_path: str | None,
) -> None:
    """Rename OLD to NEW in the knowledge base, its cases and their expectations.

    KIND is question, option, class, finding, condition, level, kind (of advice), advice, text, number, score,
    rule, claim, source, inconsistency, disagreement or property. An option is written QUESTION.OPTION, and a
    class SCORE.CLASS.

    Comments and layout stay as they are. Nothing is written unless the new files load and every place names
    what it named before. Comments and texts are not searched.

    Exit codes: 0 renamed; 2 wrong usage, a broken or write-protected file, or a name that is taken.
    """
    if is_kept and kind not in ("question", "option"):
        raise click.UsageError("`--formerly` is for questions and options")
    root = Path(base_named([kb_path] if kb_path is not None else []))
    kb = loaded(str(root))
    from engine.authoring.rename import renamed, renaming, write

    try:
        change = renaming(kind, old, new, kb)
        found = renamed(root, _case_files(root, more), [Path(each) for each in maps], change, is_kept)
        if not dry_run:
            write(found)
    except Rejected as rejected:
        end(*rejected.problems)
    for each in found.files:
        say(f"{each.file}: {counted(each.places, 'place')}")
    for path in found.left:
        say(f"{path}: tables are not rewritten; `formerly` in the questionnaire translates old names")
    places = counted(sum(each.places for each in found.files), "place")
    done = "would be renamed" if dry_run else "renamed"
    say(f"{places} in {counted(len(found.files), 'file')} {done}; every place names what it named before")


def _case_files(root: Path, more: tuple[str, ...]) -> list[Path]:
    """The files of the folder `cases` and of further paths, each once."""
    from facts.paths import find_all

    own = [root / "cases"] if (root / "cases").is_dir() else []
    found = list(find_all([*own, *more]))
    problems = [each for each in found if isinstance(each, Problem) and not _is_without_cases(each, own)]
    tell(problems)
    if any(each.severity == "error" for each in problems):
        sys.exit(BROKEN)
    return [each for each in found if isinstance(each, Path)]


def _is_without_cases(problem: Problem, own: Sequence[Path]) -> bool:
    """Whether it only says that the folder `cases` of the knowledge base has no cases yet."""
    return problem.code == "empty-folder" and problem.span.file in map(str, own)
