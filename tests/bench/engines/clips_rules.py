"""CLIPS through clipspy: a case is one fact with a slot a test, and whatever is concluded is a fact.

Each node has a rule for when it is true and one for when it is false; tests that hang on whether a question
applies have three. A fact is asserted by its slots (`engine`), or, as most do it, as text that CLIPS has to
parse (`engine_by_text`). Where the conclusions are wanted, a last rule prints them all at once.

A fact that clipspy (1.0.6) hands out is never released: it gives `ReleaseFact` an argument too many, and
swallows the error. Facts would pile up, and each reset would look at all of them: after some ten thousand
cases it would be several times slower. So they are released here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import clips
from clips._clips import lib

from engine.meaning.network import Compare, Gate, Literal

from .rows import Truths, by_tests, concluded, given
from .work import Engine, Work, is_given, only_gates

WORDS = {True: "t", False: "f"}
REMEMBER = "(bind ?*held* ?*held* {})"
TELL = "(defrule tell (declare (salience -1)) (case) => (printout held (implode$ ?*held*)))"

Fire = Callable[[Any], Any]


def engine(work: Work) -> Engine:
    """Facts by their slots."""
    return _engine(work, _slots, lambda env: _by_slots(env.find_template("case")))


def engine_by_text(work: Work) -> Engine:
    """Facts as text."""
    return _engine(work, _text, lambda env: env.assert_string)


def _engine(
    work: Work, fact: Callable[[dict[str, str]], Any], asserting: Callable[[clips.Environment], Fire]
) -> Engine:
    only_gates(work)
    silent, telling, held = environment(work), environment(work, REMEMBER), Held()
    telling.add_router(held)
    telling.build(TELL)
    tests = [work.names[name] for name in given(work)]
    nodes = [work.names[name] for name in concluded(work)]

    def own(rows: list[Truths]) -> list[Any]:
        known = (zip(tests, row, strict=True) for row in rows)
        return [fact({name: WORDS[t] for name, t in each if t is not None}) for each in known]

    def results(cases: list[Any]) -> Iterator[Truths]:
        for _ in _fired(telling, asserting(telling), cases):
            found = held.taken()
            yield [True if f"{each}t" in found else False if f"{each}f" in found else None for each in nodes]

    return by_tests(work, own, lambda cases: sum(_fired(silent, asserting(silent), cases)), results)


def _fired(env: clips.Environment, state: Fire, cases: list[Any]) -> Iterator[int]:
    """Fire the rules for each case; how many fired."""
    for facts in cases:
        env.reset()
        lib.ReleaseFact(state(facts)._fact)
        yield env.run()


def environment(work: Work, further: str = "") -> clips.Environment:
    """CLIPS with the rules; `further` is what each does besides concluding, `{}` being its fact."""
    env = clips.Environment()
    env.build("(defglobal ?*held* = (create$))")
    slots = " ".join(f"(slot {work.names[each]} (default u))" for each in given(work))
    env.build(f"(deftemplate case {slots})")
    for at, (lhs, fact) in enumerate(rules(work)):
        env.build(f"(defrule r{at} {lhs} => (assert ({fact})){further.format(fact)})")
    return env


class Held(clips.Router):
    """Takes what CLIPS prints."""

    def __init__(self) -> None:
        super().__init__("held", 30)
        self.printed: list[str] = []

    def query(self, name: str) -> bool:
        """Whether it is for us."""
        return name == "held"

    def write(self, name: str, message: str) -> None:
        """Take it."""
        self.printed.append(message)

    def taken(self) -> set[str]:
        """The facts that were printed since the last time."""
        words = set("".join(self.printed).split())
        self.printed.clear()
        return words


def rules(work: Work) -> Iterator[tuple[str, str]]:
    """What each rule waits for, and what it concludes: `n5t` that node 5 holds, `n5f` that it does not."""
    for name, node in work.net.nodes.items():
        me = work.names[name]
        if isinstance(node, Gate):
            for truth in (True, False):
                every = node.is_all is truth or len(node.literals) == 1
                yield _patterns(node.literals, truth, every, work), f"{me}{WORDS[truth]}"
        elif isinstance(node, Compare) and node.asked is not None:
            yield f"(case ({me} t))", f"{me}t"
            yield f"(case ({me} f))", f"{me}f"
            yield f"(case ({me} u)) ({work.names[node.asked]}f)", f"{me}f"


def _patterns(literals: Iterable[Literal], truth: bool, every: bool, work: Work) -> str:
    """All of the literals as true (or false), or any of them."""
    slots, facts = [], []
    for literal in literals:
        name, word = work.names[literal.node], WORDS[literal.positive is truth]
        if is_given(literal.node, work.net):
            slots.append(f"({name} {word})")
        else:
            facts.append(f"({name}{word})")
    if every:
        return " ".join([*([f"(case {' '.join(slots)})"] if slots else []), *facts])
    return f"(or {' '.join([*(f'(case {each})' for each in slots), *facts])})"


def _slots(known: dict[str, str]) -> dict[str, clips.Symbol]:
    return {name: clips.Symbol(word) for name, word in known.items()}


def _by_slots(case: clips.Template) -> Fire:
    return lambda slots: case.assert_fact(**slots)


def _text(known: dict[str, str]) -> str:
    return f"(case {' '.join(f'({name} {word})' for name, word in known.items())})"
