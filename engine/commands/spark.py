"""`cartsign spark`: assess files of cases on the executors of a Spark cluster."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from engine.batch import AUDITED
from engine.commands.asked import renaming_of
from engine.commands.grammar import base_beside_cases
from engine.commands.shared import (
    CODES,
    FINDINGS,
    FINE,
    KB_OPTION,
    UNFINISHED,
    counted,
    end,
    exit_code,
    loaded,
    say,
    tell,
)
from engine.model.assessment import Shape
from facts.other_names.renaming import AS_IT_IS
from facts.problem import Problem, Rejected, Span, quoted

if TYPE_CHECKING:
    from engine.spark.files import FilesAssessed


@click.command(short_help="Assess files of cases on Spark.", epilog=CODES)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="The folder for the results.")
@click.option("--master", metavar="URL", help="The cluster, unless spark-submit sets it. [local[*]]")
@click.option("--shape", type=click.Choice(["wide", "full"]), default="wide", help="As for assess. [wide]")
@click.option(
    "--keep", multiple=True, metavar="COLUMN", help="Copy this column to the results; may be repeated."
)
@click.option(
    "--map",
    "mapped",
    metavar="FILE",
    help="A YAML file that translates names of columns and values in the case files.",
)
@click.option("--audit", type=click.IntRange(0, 10_000), default=AUDITED, help=f"As for assess. [{AUDITED}]")
@KB_OPTION
def spark(
    files: tuple[str, ...],
    output: str,
    master: str | None,
    shape: Shape,
    keep: tuple[str, ...],
    mapped: str | None,
    audit: int,
    kb_path: str | None,
) -> None:
    """Assess the files and folders FILE... on Spark, one task per file. FILE can be any file that assess
    reads.

    All machines must see the files and FOLDER under the same paths. For each file, FOLDER gets the same
    output as from `cartsign assess FILE -o NAME.parquet`: results, rejects and a manifest. Run again, the
    command continues with the missing files. On a cluster: spark-submit .../engine/spark/__main__.py FILE...
    -o FOLDER
    """
    kb = loaded(base_beside_cases(files, kb_path))
    keep = tuple(name.strip() for each in keep for name in each.split(","))
    renaming = AS_IT_IS if mapped is None else renaming_of(mapped, kb.questions, keep)
    try:
        from engine.spark import assess_files
        from engine.spark.files import Unfinished, session
    except ModuleNotFoundError:
        help = "install `cartsign[spark]`, and Java 17"
        end(Problem("extra", "Spark is not installed here", Span("spark"), help))
    try:
        done = assess_files(
            session(master), files, output, kb, keep, shape=shape, renaming=renaming, audit=audit
        )
    except Rejected as error:
        end(*error.problems)
    except Unfinished as error:
        help = "fix the cause and run the command again; finished files are kept"
        end(Problem("spark-failed", f"Spark could not finish: {error}", Span(output), help), code=UNFINISHED)
    sys.exit(_told(done, output))


def _told(done: FilesAssessed, output: str) -> int:
    """Print the outcomes of the files, and return the exit code."""
    warnings = dict.fromkeys(warning for each in done.files for warning in each.warnings)
    for code, message, help in map(json.loads, warnings):
        tell([Problem(code, message, Span("files"), help, severity="warning")])
    for each in done.files:
        if each.differing:
            message = f"experta and the columns differ in {quoted(each.differing)}"
            help = (
                "nothing was written for this file, because one of the two"
                " is wrong; please report the problem"
            )
            tell([Problem("audit", message, Span(each.file), help)])
    earlier = sum(each.earlier for each in done.files)
    before = f", {counted(earlier, 'file')} in an earlier run" if earlier else ""
    say(f"{counted(done.assessed, 'case')} of {counted(len(done.files), 'file')} assessed{before}")
    audited = sum(each.audited for each in done.files)
    if audited:
        say(f"{audited:,} of them checked on experta with the same result")
    say(f"results in {output}")
    if done.rejected:
        left_out = counted(done.rejected, "case, row or file", "cases, rows or files")
        say(f"rejected: {left_out}; see {output}/*.rejects.jsonl", err=True)
    code = exit_code(done.rejected > 0, done.unread > 0, done.assessed > 0)
    return FINDINGS if code == FINE and any(each.differing for each in done.files) else code
