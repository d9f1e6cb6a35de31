"""Drools, from the jar in PyPI's `drools-jpy`, through Drools' own API for rules (`Drools.java`).

That jar lacks a compiler for the rule language DRL, but it has the whole engine and the API that DRL is
compiled to. A case is one object with the tests of its answers, and whatever is concluded is a fact. Java
runs as a process of its own; cases go there and back in files, which counts for file to file alone.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from engine.meaning.holds import Truth
from engine.meaning.network import Compare, Gate

from .rows import Truths, by_tests, concluded, given
from .work import Engine, Unable, Work, only_gates

SOURCE = Path(__file__).parent / "Drools.java"
CODES = {False: "0", True: "1", None: "2"}
TRUTHS: dict[str, Truth] = {"0": False, "1": True, "2": None}


def engine(work: Work) -> Engine:
    """A process with the rules, a session a case."""
    only_gates(work)
    folder = Path(tempfile.mkdtemp(prefix="drools-"))
    network, sent, back = (folder / name for name in ("network", "sent", "back"))
    network.write_text("\n".join(lines(work)) + "\n")
    java = _started(network)
    order = list(work.net.nodes)
    places = [order.index(name) for name in concluded(work)]

    def own(rows: list[Truths]) -> Path:
        names = given(work)
        with open(sent, "w") as file:
            for row in rows:
                known = dict(zip(names, row, strict=True))
                file.write("".join(CODES[known.get(name)] for name in order) + "\n")
        _command(java, f"load {sent}")
        return back

    def results(path: Path) -> Iterator[Truths]:
        _command(java, "run")
        _command(java, f"save {path}")
        with open(path) as file:
            for line in file:
                yield [TRUTHS[line[place]] for place in places]

    return by_tests(work, own, lambda _: _command(java, "run"), results)


def lines(work: Work) -> Iterator[str]:
    """A line a node: `given`, `asked N`, `all 1 -2` or `any 1 -2`, a literal being a node's place from 1."""
    place = {name: at for at, name in enumerate(work.net.nodes)}
    for node in work.net.nodes.values():
        if isinstance(node, Compare):
            yield "given" if node.asked is None else f"asked {place[node.asked]}"
        elif isinstance(node, Gate):
            literals = (f"{'' if each.positive else '-'}{place[each.node] + 1}" for each in node.literals)
            yield " ".join(["all" if node.is_all else "any", *literals])


def _started(network: Path) -> subprocess.Popen[str]:
    found, java = find_spec("drools"), shutil.which("java")
    if java is None:
        raise Unable("there is no `java`")
    jars = [
        jar
        for folder in (found and found.submodule_search_locations) or ()
        for jar in Path(folder).rglob("*.jar")
    ]
    if not jars:
        raise Unable("drools-jpy is not installed")
    process = subprocess.Popen(
        [java, "-cp", str(jars[0]), str(SOURCE), str(network)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _answer(process, "ready")
    return process


def _command(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    _answer(process, "done")


def _answer(process: subprocess.Popen[str], wanted: str) -> None:
    assert process.stdout is not None
    assert process.stderr is not None
    if process.stdout.readline().strip() != wanted:
        raise Unable(f"java ended: {process.stderr.read()[-2000:]}")
