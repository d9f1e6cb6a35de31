"""`cartsign sample`: write random cases of a knowledge base to a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands.grammar import base_and_others, help_for_path
from engine.commands.shared import BROKEN, CODES, KB_OPTION, counted, end, loaded, placed, say, tell
from engine.loading.population import population_in
from engine.model.knowledge_base import KnowledgeBase
from engine.model.population import Population
from engine.output.files import Form, place, whole_path
from facts.answer import NUMERAL
from facts.problem import Problem, Span, gathered, quote, quoted

if TYPE_CHECKING:
    import polars

FORM = Form("Parquet, CSV, JSON lines or YAML", (".parquet", ".csv", ".jsonl", ".yaml"), "-o")
MOST = 10**12


def whole_number(least: int, what: str) -> Callable[[click.Context, click.Parameter, str], int]:
    """A click callback for whole numbers of at least `least`, optionally with `_` or `,` between digits."""

    def read(ctx: click.Context, param: click.Parameter, value: str) -> int:
        digits = value.strip().replace("_", "").replace(",", "")
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else -1
        if not least <= number <= MOST:
            message = f"{quote(value)} is not a {what}: write a whole number from {least} to {MOST:,}"
            raise click.BadParameter(message, ctx, param)
        return number

    return read


def share(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """A click callback for a share from 0 to 1, or from 0 % to 100 %."""
    if value is None:
        return None
    text = value.strip()
    number = text.removesuffix("%").rstrip()
    most = 1 if number == text else 100
    if not NUMERAL.fullmatch(number) or not 0 <= float(number) <= most:
        message = f"{quote(value)} is not a share: write a number from 0 to 1, or from 0% to 100%"
        raise click.BadParameter(message, ctx, param)
    return float(number) / most


@click.command(short_help="Write random cases of a knowledge base.", epilog=CODES)
@click.argument("words", nargs=-1, metavar="[KB] N")
@click.option(
    "-o",
    "out",
    required=True,
    metavar="FILE",
    help="The file to write, ending in .parquet, .csv, .jsonl or .yaml.",
)
@click.option(
    "--seed",
    default="0",
    show_default=True,
    metavar="SEED",
    callback=whole_number(0, "seed"),
    help="A number; a different number gives different cases.",
)
@click.option(
    "--unanswered",
    callback=share,
    metavar="SHARE",
    help="The average share of questions left unanswered: 0.35 or 35%.  [default: 0.3]",
)
@click.option(
    "--population",
    metavar="FILE",
    help="Draw people from the section `population` of this file.",
)
@click.option(
    "--codes", is_flag=True, help="In Parquet, write yes and no as 1 and 0, which is faster to read."
)
@KB_OPTION
def sample(
    words: tuple[str, ...],
    out: str,
    seed: int,
    unanswered: float | None,
    population: str | None,
    codes: bool,
    kb_path: str | None,
) -> None:
    """Write N random cases of the knowledge base KB to a file.

    Each answer is plausible by itself: some people answer many questions and some only a few, questions that
    do not apply are seldom answered, and numbers lie near the thresholds of the rules. With `--population`,
    people answer according to its shares, and the column `group` has the group of each person. The same seed
    gives the same cases; a smaller N gives the first N of them.
    """
    base, others = base_and_others(words, kb_path)
    count = _count(others)
    path = _placed(out, [base, *([] if population is None else [population])])
    if codes and path.suffix != ".parquet":
        help = "remove `--codes`, or name a file that ends in `.parquet`"
        end(Problem("no-codes", "`--codes` needs a Parquet file", Span(str(path)), help))
    if population is not None and unanswered is not None:
        message = "`--unanswered` cannot be used with `--population`"
        help = "remove `--unanswered`, and write `unanswered:` in the population"
        end(Problem("no-unanswered", message, Span("--unanswered"), help))
    kb = loaded(base)
    people = None if population is None else people_of(population, kb)
    from engine.sampling.files import WRITERS, write_parquet
    from engine.sampling.sample import USUAL, Shares, slices

    shares = people or (USUAL if unanswered is None else Shares(unanswered=unanswered))
    groups = list(people.groups) if people else []
    write = partial(write_parquet, codes=True) if codes else WRITERS[path.suffix]
    with whole_path(path) as part:
        write(_followed(slices(kb, count, seed, shares), count), kb.questions, part, groups)
    say(f"{counted(count, 'case')} in {path}")


def _count(words: Sequence[str]) -> int:
    """The number of cases, the only word besides the knowledge base."""
    context = click.get_current_context()
    if not words:
        raise click.UsageError("Missing argument 'N'.", context)
    if words[1:]:
        stray = next((word for word in words if not word[:1].isdigit()), words[1])
        message = f"{quote(stray)} is neither a knowledge base nor a number of cases"
        help = help_for_path(stray) or "write a single number"
        end(Problem("unknown-word", message, Span("sample"), help))
    return whole_number(1, "number of cases")(context, click.Argument(["count"], metavar="N"), words[0])


def people_of(path: str, kb: KnowledgeBase) -> Population:
    """The population in a file; problems with it are printed and end the command."""
    people, problems = population_in(Path(path), kb)
    if people is None:
        problems = gathered(problems)
        tell(problems)
        say(f"the population has {counted(len(problems), 'problem')} and is not used", err=True)
        sys.exit(BROKEN)
    return people


def _placed(out: str, inputs: Sequence[str]) -> Path:
    """The output path for the cases; an unusable path is reported and ends the command."""
    if Path(out).suffix in FORM.endings:
        return placed(place(out, inputs, FORM))
    help = f"name a file that ends in {quoted(FORM.endings)}"
    end(Problem("output-kind", f"cases are written as {FORM.name}", Span(out or FORM.option), help))


def _followed(frames: Iterable[polars.DataFrame], count: int) -> Iterator[polars.DataFrame]:
    """The frames, with a progress bar in a terminal."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=count, label="cases", file=sys.stderr, hidden=hidden) as bar:
        for frame in frames:
            yield frame
            bar.update(frame.height)
