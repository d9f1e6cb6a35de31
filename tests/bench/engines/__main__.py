"""The command: measure all engines side by side and print a table.

python -m tests.bench.engines [--rows 1000000] [--runs 5] [--only zen ...]
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.commands.shared import bundled
from engine.loading import load
from engine.sampling.files import write_parquet
from engine.sampling.sample import slices

from .measuring import Figures, Running, measured
from .trial import Entry, Task
from .work import Unable

OURS = "cartsign, in columns"
ENTRIES = (
    Entry(OURS, "columns", whole=True),
    Entry("cartsign, in columns, yes and no as 1 and 0", "columns", whole=True, codes=True),
    Entry("`cartsign assess`, the whole process", "command", whole=True),
    Entry("the floor: Polars, no rules", "floor", whole=True),
    Entry("DataFusion SQL", "datafusion_sql", whole=True),
    Entry("DuckDB SQL", "duckdb_sql", whole=True),
    Entry("Python function made from the rules", "python_function"),
    Entry("Drools", "drools_rules"),
    Entry("GoRules ZEN", "zen_decision"),
    Entry("CLIPS, facts by slots", "clips_rules"),
    Entry("CLIPS, facts as text", "clips_rules", "engine_by_text"),
    Entry("cartsign, on experta", "experta_rules", "engine_on_our_matcher"),
    Entry("stock experta", "experta_rules"),
)
PACKAGES = ("polars", "datafusion", "duckdb", "drools-jpy", "zen-engine", "clipspy", "experta")


def main() -> None:
    """Measure what is asked for."""
    words = _words()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        sources = {codes: Path(folder, f"{codes}.parquet") for codes in (False, True)}
        kb = load(words.kb)
        for codes, source in sources.items():
            write_parquet(slices(kb, words.rows, words.seed), kb.questions, source, codes)
        print(
            f"{len(kb.rules):,} rules, {len(kb.questions)} questions, {words.rows:,} random cases", flush=True
        )
        running: dict[str, Running] = {}
        for entry in _chosen(words.only):
            try:
                running[entry.name] = Running(
                    Task(entry, words.kb, sources[entry.codes], words.seconds, words.checked)
                )
            except Unable as error:
                print(f"left out: {entry.name}: {error}", flush=True)
        print(f"\n{table(measured(running, words.runs))}")
        for each in running.values():
            each.end()


def _chosen(only: list[str] | None) -> list[Entry]:
    """The engines with one of the words in their name, and ours; all where no word is given."""
    if only is None:
        return list(ENTRIES)
    return [each for each in ENTRIES if each.name == OURS or any(word in each.name.lower() for word in only)]


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.engines", description=__doc__)
    parser.add_argument("--kb", default=str(bundled()))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--runs", type=int, default=5, help="the median of so many counts")
    parser.add_argument("--seconds", type=float, default=3, help="so long a run of a slow engine takes")
    parser.add_argument("--checked", type=int, default=2_000, help="so many cases are compared before")
    parser.add_argument("--only", nargs="*", type=str.lower, help="words in the names of the engines")
    return parser.parse_args()


def machine() -> str:
    """The machine, and the versions of what runs on it."""
    cpuinfo = Path("/proc/cpuinfo")
    models = (
        [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        if cpuinfo.exists()
        else []
    )
    model = models[0].partition(":")[2].strip() if models else platform.processor()
    installed = []
    for package in PACKAGES:
        try:
            installed.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    python = f"Python {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores; {platform.system()}; {python}, {', '.join(installed)}"


def table(found: dict[str, Figures]) -> str:
    """The figures as Markdown, each engine beside ours."""
    titles = ("evaluation alone", "ours is", "file to file", "ours is", "memory, MB", "cases")
    rows = [f"| cases a second | {' | '.join(titles)} |", "|---" * (1 + len(titles)) + "|"]
    ours = found.get(OURS)
    for name, each in found.items():
        cells = [
            name,
            *_beside(each.evaluation, ours and ours.evaluation),
            *_beside(each.files, ours and ours.files),
            f"{each.memory:,}" if each.memory else "",
            f"{each.cases:,}",
        ]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _beside(theirs: float | None, ours: float | None) -> tuple[str, str]:
    if theirs is None:
        return "", ""
    return _rounded(theirs), f"{_rounded(ours / theirs)} ×" if ours else ""


def _rounded(value: float) -> str:
    """Three figures are all that a benchmark knows."""
    return f"{float(f'{value:.3g}'):,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
