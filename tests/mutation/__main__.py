"""Whether the tests notice changes of the code: each mutant is tried against the tests of its module.

python -m tests.mutation [--all] [--each 3] [--seed 0] [--jobs 2] [MODULE ...]

Without `--all` a few mutants of each module are drawn, the same for the same seed. It prints the score of
each module and every mutant that survived. The exit code is 1 if the tests kill too few.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

import yaml

from .modules import EACH, FLOOR, TESTS
from .mutants import ROOT, Mutant, Mutants
from .trial import SLOWER, Task, Trial, prepared, tried

EQUIVALENT = Path(__file__).with_name("equivalent.yaml")
KILLED = ("killed", "slow")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "modules", nargs="*", choices=[[], *TESTS], metavar="MODULE", help="only these modules"
    )
    parser.add_argument("--all", action="store_true", help="try every mutant, not only a few")
    parser.add_argument(
        "--each", type=int, default=EACH, help=f"number of mutants drawn of a module ({EACH})"
    )
    parser.add_argument("--seed", default="0", help="which ones are drawn")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many are tried at once")
    return parser.parse_args()


def drawn(
    mutants: Mutants, count: int | None, seed: str, equivalent: set[tuple[str, str, str]]
) -> Iterator[Mutant]:
    """Mutants in an order that follows from the seed, at most `count`, without equivalent ones and without
    those of `assert_never`, which never runs.
    """
    numbers = list(range(len(mutants)))
    Random(f"{seed}:{mutants.module}").shuffle(numbers)
    made = (mutants.make(number) for number in numbers)
    reached = (each for each in made if "assert_never(" not in each.was)
    wanted = (each for each in reached if (each.module, each.was, each.now) not in equivalent)
    yield from islice(wanted, count)


def score(trials: Sequence[Trial]) -> tuple[int, int]:
    """How many mutants were killed, and of how many: those that cannot be imported do not count."""
    counted = [each for each in trials if each.fate != "broken"]
    return sum(each.fate in KILLED for each in counted), len(counted)


def row(name: str, trials: Sequence[Trial]) -> str:
    killed, counted = score(trials)
    seconds = sum(each.seconds for each in trials)
    share = f"{killed / counted:6.1%}" if counted else "     -"
    return f"{name:36} {counted:5} {counted - killed:8} {share} {seconds:8.0f} s"


def main() -> int:
    asked = options()
    prepared()
    known = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8"))
    equivalent = {(each["module"], each["was"], each["now"]) for each in known}
    print(f"{'module':36} {'tried':>5} {'survived':>8} {'score':>6} {'processor':>10}")
    every: list[Trial] = []
    needed: dict[tuple[str, ...], float] = {}
    for name in asked.modules or TESTS:
        mutants, tests = Mutants(name), TESTS[name]
        if stale := [was for module, was, _ in equivalent if module == name and not mutants.has(was)]:
            print(f"{EQUIVALENT.name}: {name} has no `{stale[0]}` any more", file=sys.stderr)
            return 2
        if tests not in needed:
            (whole,) = tried([Task(mutants.unchanged(), mutants.path, tests)], 1)
            if whole.fate != "survived":
                print(f"{name}: its tests do not pass without any change", file=sys.stderr)
                return 2
            needed[tests] = whole.seconds
        limit = SLOWER * needed[tests] + 5
        chosen = drawn(mutants, None if asked.all else asked.each, asked.seed, equivalent)
        trials = []
        for trial in tried((Task(each, mutants.path, tests, limit) for each in chosen), asked.jobs):
            trials.append(trial)
            if trial.fate == "survived":
                where = f"{mutants.path.relative_to(ROOT)}:{trial.mutant.line}"
                print(f"{where}: survived\n  - {trial.mutant.was}\n  + {trial.mutant.now}", flush=True)
        every += trials
        print(row(name, trials), flush=True)
    print(row("all", every))
    killed, counted = score(every)
    return int(100 * killed < FLOOR * counted)


if __name__ == "__main__":
    sys.exit(main())
