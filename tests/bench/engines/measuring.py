"""How engines are measured: in turns, so that what else the machine does falls on all of them.

In: engines that are ready in processes of their own. Out: cases a second from file to file and for evaluation
alone, by the median of some runs after one that does not count, and the most memory that the processes of an
engine had while they went from file to file.
"""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing import get_context
from statistics import median

from .trial import Task, serve
from .work import Unable


@dataclass(frozen=True, slots=True)
class Figures:
    """Cases a second and megabytes; None where that was not measured."""

    cases: int
    evaluation: float | None
    files: float
    memory: int | None


class Running:
    """An engine in a process of its own, which does what it is asked for."""

    def __init__(self, task: Task) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(task, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.cases = int(self.answer())

    def answer(self) -> float:
        """What it answers; raises what it could not do."""
        try:
            answer: float | Exception = self.pipe.recv()
        except EOFError:
            raise Unable("its process died") from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask(self, word: str) -> float:
        """Have it run `files` or `evaluate` (in seconds), or say its `memory`."""
        self.pipe.send(word)
        return self.answer()

    def end(self) -> None:
        """Let it go."""
        self.pipe.close()
        self.process.join()


def measured(running: dict[str, Running], runs: int) -> dict[str, Figures]:
    """The figures of engines, in turns."""
    files = turns(running, "files", runs)
    memory = {name: int(each.ask("memory")) for name, each in running.items()}
    evaluation = turns(running, "evaluate", runs)
    return {
        name: Figures(
            each.cases,
            each.cases / evaluation[name] if evaluation[name] else None,
            each.cases / files[name],
            memory[name],
        )
        for name, each in running.items()
    }


def turns(running: dict[str, Running], word: str, runs: int) -> dict[str, float]:
    """The median of some runs of each, one after the other, the first of which does not count."""
    rounds = [{name: each.ask(word) for name, each in running.items()} for _ in range(1 + runs)]
    return {name: median(each[name] for each in rounds[1:]) for name in running}
