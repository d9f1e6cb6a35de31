"""Why a name is true, false or open for a case: the parts that make it so, down to the answers.

In: a definition (`rule:ID`, `finding:NAME`) and a valuation. Out: a small tree of sentences with the places
of the parts. Of a part that holds it names the parts inside that hold, of a false one those that are false,
of an open one those that are open. What is read through other definitions is followed, but only so far that
it can be read at a glance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.marking import Marked, marked
from engine.meaning import Truth, total
from engine.part_text import headed, name_text, written
from engine.parts import NOWHERE, Answered, AtLeast, Not, Part, Ref, Scored
from engine.scores import in_digits
from engine.valuation import Valuation
from facts.case_text import answer_text
from facts.problem import Span
from facts.vocabulary import Unknown

DEEPEST = 4
"""Through so many definitions an explanation is followed."""
MOST = 3
"""So many rules for one and the same thing are named."""
STATES = {True: "fired", False: "is blocked", None: "is open"}
TRUTHS = {True: "holds", False: "is false", None: "is open"}


@dataclass(frozen=True, slots=True)
class Ground:
    """A sentence, the place of the part it is about, and what makes it so."""

    said: str
    place: Span = NOWHERE
    below: tuple[Ground, ...] = ()


def why(name: str, case: Valuation, depth: int = 0) -> Ground:
    """Why a definition is true, false or open."""
    part = case.prepared.definitions[name]
    kind, _, rest = name.partition(":")
    if kind == "rule":
        said = f"rule `{rest}` {STATES[case.value(name)]}"
        return Ground(said, case.prepared.kb.rules[rest].span, grounds(part, case, depth))
    return Ground(f"`{name_text(name)}` {TRUTHS[case.value(name)]}", NOWHERE, grounds(part, case, depth))


def why_each(names: Iterable[str], case: Valuation, depth: int = 0) -> tuple[Ground, ...]:
    """Why for each of several, the nearest to another truth first; many are only counted."""
    found = sorted((why(name, case, depth) for name in names), key=lambda each: _leaves(each))
    more = len(found) - MOST
    rest = (Ground(f"and {more} more rule{'s' if more > 1 else ''}"),) if more > 0 else ()
    return (*found[:MOST], *rest)


def grounds(part: Part, case: Valuation, depth: int = 0) -> tuple[Ground, ...]:
    """The parts that make a part true, false or open."""
    return tuple(_grounds(marked(part, case), case, depth))


def _grounds(whole: Marked, case: Valuation, depth: int) -> Iterator[Ground]:
    match whole.part:
        case Not(inner, span) if isinstance(inner, Answered | Ref | Scored):
            (ground,) = grounds(inner, case, depth)
            yield Ground(f"`{written(whole.part)}` {_because(whole.truth, ground.said)}", span, ground.below)
        case Not(_, span):
            yield Ground(f"`not` {TRUTHS[whole.truth]}", span, tuple(_grounds(whole.inner[0], case, depth)))
        case AtLeast(span=span):
            holding = sum(each.truth is True for each in whole.inner)
            said = f"`{headed(whole.part)}` {TRUTHS[whole.truth]}, {holding} of them hold"
            yield Ground(said, span, tuple(_agreeing(whole, case, depth)))
        case Answered():
            yield _answered(whole.part, whole.truth, case, depth)
        case Ref(name, span):
            yield from _read(name, span, case, depth)
        case Scored(score, _, span):
            low, high = total(case.score(score), case)
            ends = in_digits(low) if low == high else f"{in_digits(low)} to {in_digits(high)}"
            yield Ground(f"`{headed(whole.part)}` {TRUTHS[whole.truth]}, it is {ends}", span)
        case _:
            yield from _agreeing(whole, case, depth)


def _because(truth: Truth, inner: str) -> str:
    """What a `not` around a part says, with what was said of the answer."""
    _, _, answer = inner.partition(", ")
    return TRUTHS[truth] + (f", {answer}" if answer else "")


def _agreeing(whole: Marked, case: Valuation, depth: int) -> Iterator[Ground]:
    """Of the parts inside, those with the truth of the whole."""
    for each in whole.inner:
        if each.truth is whole.truth:
            yield from _grounds(each, case, depth)


def _answered(part: Answered, truth: Truth, case: Valuation, depth: int) -> Ground:
    """A part about a question, with its answer."""
    question, asked = part.question, f"asked:{part.question}"
    answer = case.answers.get(question)
    said = f"`{written(part)}` {TRUTHS[truth]}"
    if case.is_answered(question) or isinstance(answer, Unknown):
        assert answer is not None
        shown = answer_text(case.prepared.kb.questions[question], answer)
        return Ground(f"{said}, the answer is `{shown}`", part.span)
    if truth is None:
        return Ground(f"`{written(part)}` waits for an answer", part.span)
    below = grounds(case.prepared.definitions[asked], case, DEEPEST) if depth < DEEPEST else ()
    return Ground(f"{said}, the question does not apply", part.span, below)


def _read(name: str, span: Span, case: Valuation, depth: int) -> Iterator[Ground]:
    """What another definition says, and the rules behind that."""
    truth = case.value(name)
    if name.startswith("rule:"):
        yield why(name, case, depth)
        return
    said = f"`{name_text(name)}` {TRUTHS[truth]}"
    if depth >= DEEPEST:
        yield Ground(said, span)
        return
    yield Ground(said, span, behind(name, case, depth + 1))


def behind(name: str, case: Valuation, depth: int = 0) -> tuple[Ground, ...]:
    """What makes a conclusion so: the rules for it, where it is false or open why each did not fire."""
    whole = marked(case.prepared.definitions[name], case)
    agreeing = [each for each in whole.inner if each.truth is whole.truth]
    rules = [each.part.name for each in agreeing if isinstance(each.part, Ref)]
    if whole.inner and len(rules) == len(agreeing) and all(each.startswith("rule:") for each in rules):
        return why_each(rules, case, depth)
    return tuple(_grounds(whole, case, depth))


def _leaves(ground: Ground) -> int:
    """How many parts stand between a rule and another truth."""
    return sum(map(_leaves, ground.below)) or 1


def lines(found: Sequence[Ground], told: set[Ground], indent: str = "") -> Iterator[str]:
    """A line for each ground, what makes it so below it; where that is one thing, in the same line.

    What was `told` already and takes lines of its own is not told again.
    """
    for each in found:
        said, place, last = each.said, each.place, each
        while len(last.below) == 1 and not _is_told(last, told):
            (last,) = last.below
            said, place = f"{said}: {last.said}", last.place if last.place.file else place
        below = () if _is_told(last, told) else last.below
        told.add(last)
        end = ":" if below else ", as above" if last.below else ""
        yield indent + said + (f" ({place.file}:{place.line})" if place.line else "") + end
        yield from lines(below, told, indent + "  ")


def _is_told(ground: Ground, told: set[Ground]) -> bool:
    return len(ground.below) > 1 and ground in told
