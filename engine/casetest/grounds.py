"""Why a name is true, false or open for a case: the deciding parts, down to the answers.

In: a definition (`rule:ID`, `finding:NAME`) and a valuation. Out: a small tree of sentences with the places
of the parts. A true part lists its true parts, a false one its false parts, an open one its open parts.
References to other definitions are followed only to a depth that is readable at a glance. The tree can also
be printed as lines of text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.meaning.holds import Truth, passes, total
from engine.meaning.marking import Marked, marked
from engine.meaning.valuation import Valuation
from engine.model.names import kind_of, name_of, parsed
from engine.model.parts import NOWHERE, Always, Answered, Count, Not, Part, Ref, Scored
from engine.model.scores import in_digits
from engine.words.rule_text import headed, name_text, written
from facts.cases.text import answer_text
from facts.problem import Span


@dataclass(frozen=True, slots=True)
class Ground:
    """A sentence, the place of the part that it is about, and its own grounds."""

    said: str
    place: Span = NOWHERE
    below: tuple[Ground, ...] = ()


Grounds = tuple[Ground, ...]


def lines(found: Sequence[Ground], told: set[Ground], indent: str = "") -> Iterator[str]:
    """One line per ground with its own grounds below it; a single ground continues on the same line.

    A ground in `told` that takes lines of its own is not repeated.
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


DEEPEST = 4
"""Maximum number of nested definitions that an explanation follows."""
MOST = 3
"""Maximum number of rules named for one conclusion; twice as many parts are named for a rule."""
STATES = {True: "fired", False: "is blocked", None: "is open"}
TRUTHS = {True: "holds", False: "is false", None: "is open"}


def why(name: str, case: Valuation, depth: int = 0) -> Ground:
    """Why a definition is true, false or open."""
    part = case.prepared.definitions[name]
    kind, id, _ = parsed(name)
    if kind == "rule":
        said = f"rule `{id}` {STATES[case.value(name)]}"
        return Ground(said, case.prepared.kb.rules[id].span, grounds(part, case, depth))
    return Ground(f"`{name_text(name)}` {TRUTHS[case.value(name)]}", NOWHERE, grounds(part, case, depth))


def why_each(names: Iterable[str], case: Valuation, depth: int = 0) -> Grounds:
    """The ground of each name, beginning with the names that depend on the fewest parts; above `MOST`, only a
    count.
    """
    named = case.prepared.definitions
    nearest = sorted(names, key=lambda name: _weight(marked(named[name], case)))
    more = len(nearest) - MOST
    rest = (Ground(f"and {more} more rule{'s' if more > 1 else ''}"),) if more > 0 else ()
    return (*(why(name, case, depth) for name in nearest[:MOST]), *rest)


def _weight(whole: Marked) -> int:
    """The number of parts that make it true, false or open."""
    if isinstance(whole.part, Not):
        return _weight(whole.inner[0])
    return sum(_weight(each) for each in whole.inner if each.truth is _deciding(whole)) or 1


def _deciding(whole: Marked) -> Truth:
    """The truth of the inner parts that decide that of the whole: those that hold make a count too high."""
    match whole.part:
        case Count(0, int()):
            return None if whole.truth is None else not whole.truth
        case Count(_, int() as most) if whole.truth is False:
            return sum(each.truth is True for each in whole.inner) > most
        case _:
            return whole.truth


def grounds(part: Part, case: Valuation, depth: int = 0) -> Grounds:
    """The parts that make a part true, false or open."""
    return tuple(_grounds(marked(part, case), case, depth))


def _grounds(whole: Marked, case: Valuation, depth: int) -> Iterator[Ground]:
    match whole.part:
        case Always():
            yield Ground("it applies to everybody")
        case Not(Answered() as part):
            yield _answered(part, whole, case, depth)
        case Not(Ref() as part, span):
            said = f"`{written(whole.part)}` {TRUTHS[whole.truth]}"
            yield Ground(
                said, span, tuple(below for each in _read(part, case, depth) for below in each.below)
            )
        case Not(span=span):
            below = tuple(_grounds(whole.inner[0], case, depth))
            yield Ground(f"`{headed(whole.part)}` {TRUTHS[whole.truth]}", span, below)
        case Count(span=span):
            holding = sum(each.truth is True for each in whole.inner)
            said = f"`{headed(whole.part)}` {TRUTHS[whole.truth]}, because {holding} of them hold"
            yield Ground(said, span, tuple(_agreeing(whole, case, depth + 1)))
        case Answered():
            yield _answered(whole.part, whole, case, depth)
        case Ref():
            yield from _read(whole.part, case, depth)
        case Scored(score, _, span):
            low, high = total(case.score(score), case)
            ends = in_digits(low) if low == high else f"{in_digits(low)} to {in_digits(high)}"
            yield Ground(f"`{headed(whole.part)}` {TRUTHS[whole.truth]}, because the score is {ends}", span)
        case _:
            yield from _agreeing(whole, case, depth)


def _agreeing(whole: Marked, case: Valuation, depth: int) -> Iterator[Ground]:
    """The inner parts that decide the whole; without their own grounds if there are many."""
    agreeing = [each for each in whole.inner if each.truth is _deciding(whole)]
    for each in agreeing[: 2 * MOST]:
        yield from _grounds(each, case, depth if len(agreeing) <= MOST else DEEPEST)
    more = len(agreeing) - 2 * MOST
    if more > 0:
        yield Ground(f"and {more} more part{'s' if more > 1 else ''}")


def _answered(part: Answered, whole: Marked, case: Valuation, depth: int) -> Ground:
    """The ground of a comparison, or of its negation, with the answer."""
    question, asked = part.question, name_of("asked", part.question)
    answer, said = case.answers.get(question), f"`{written(whole.part)}`"
    decides = passes(part.test, answer) is not None
    if answer is not None and (decides or whole.truth is None):
        shown = f"`{answer_text(case.prepared.kb.questions[question], answer)}`"
        if whole.truth is None:
            return Ground(f"{said} stays open with the answer {shown}", part.span)
        return Ground(f"{said} {TRUTHS[whole.truth]}, because the answer is {shown}", part.span)
    if whole.truth is None:
        return Ground(f"{said} waits for an answer", part.span)
    below = grounds(case.prepared.definitions[asked], case, DEEPEST) if depth < DEEPEST else ()
    return Ground(f"{said} {TRUTHS[whole.truth]}, because the question does not apply", part.span, below)


def _read(part: Ref, case: Valuation, depth: int) -> Iterator[Ground]:
    """The truth of another definition, and the rules that decide it."""
    name, span = part.name, part.span
    kind, item, _ = parsed(name)
    if kind == "rule":
        yield why(name, case, depth)
    elif depth >= DEEPEST:
        yield Ground(f"`{name_text(name)}` {TRUTHS[case.value(name)]}", span)
    elif kind == "advice":
        yield fate(item, case, depth + 1)
    elif kind in ("give", "hold"):
        yield Ground(f"shown together with `{item}`", NOWHERE, behind(name, case, depth + 1))
    else:
        said = f"`{name_text(name)}` {TRUTHS[case.value(name)]}"
        yield Ground(said, span, behind(name, case, depth + 1))


def fate(item: str, case: Valuation, depth: int = 0) -> Ground:
    """The state of an advice item, and the rules responsible."""
    give, hold = case.value(name_of("give", item)), case.value(name_of("hold", item))
    if give is False:
        said, kind = f"nothing gives `{item}`", "give"
    elif hold:
        said, kind = f"`{item}` is held", "hold"
    elif give is None:
        said, kind = f"`{item}` is pending", "give"
    elif hold is None:
        said, kind = f"`{item}` is given unless an open hold fires", "hold"
    else:
        said, kind = f"`{item}` is given", "give"
    return Ground(said, NOWHERE, behind(name_of(kind, item), case, depth))


def behind(name: str, case: Valuation, depth: int = 0) -> Grounds:
    """The rules that decide a conclusion; if it is false or open, why each of them did not fire."""
    whole = marked(case.prepared.definitions[name], case)
    agreeing = [each for each in whole.inner if each.truth is whole.truth]
    rules = [each.part.name for each in agreeing if isinstance(each.part, Ref)]
    if rules and len(rules) == len(agreeing) and all(kind_of(each) == "rule" for each in rules):
        return why_each(rules, case, depth)
    return tuple(_grounds(whole, case, depth))
