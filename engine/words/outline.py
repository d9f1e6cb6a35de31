"""Rules in plain words: what must hold as an outline, and the conclusions as short sentences.

In: parts and conclusions of a knowledge base. Out: values for a terminal or a page to lay out.
`engine.words.phrases` has the wording, and puts a part into one phrase addressed to the patient.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from engine.meaning.definitions import hosts
from engine.model.knowledge_base import (
    SUPPORT,
    Conclusion,
    CountsAgainst,
    Finds,
    Gives,
    KnowledgeBase,
    Suspects,
    Triages,
    Withholds,
)
from engine.model.names import parsed
from engine.model.parts import COUNTS, All, Always, Answered, AnyOf, Count, Not, Part, Ref, Scored, both_ends
from engine.words.phrases import answers, points_kept, range_of, text_of


@dataclass(frozen=True, slots=True)
class Outline:
    """A line, the answers that satisfy it (any of them), and the lines below it."""

    text: str
    answers: tuple[str, ...] = ()
    parts: tuple[Outline, ...] = ()


@dataclass(frozen=True, slots=True)
class Consequence:
    """A conclusion: a verb, its object, and a note."""

    verb: str
    text: str
    note: str = ""


def outline(part: Part, kb: KnowledgeBase) -> Outline:
    """The part as an outline that says what must hold."""
    match part:
        case Always():
            return Outline("for everybody")
        case All() if (ends := both_ends(part)) is not None:
            first = outline(ends[0], kb)
            return Outline(first.text, (range_of(*ends, kb, options="the possible answers"),))
        case All(parts):
            return Outline("all of these", (), _below(All, parts, kb))
        case AnyOf(parts):
            return Outline("any of these", (), _below(AnyOf, parts, kb))
        case Count(word=word, number=number, parts=parts):
            below = tuple(outline(each, kb) for each in parts)
            return Outline(f"{COUNTS[word]} {number} of these", (), below)
        case Not(inner):
            return _opposite(outline(inner, kb))
        case Answered(question, test):
            asked = kb.questions[question]
            return Outline(f"“{asked.ask}”", answers(test, asked.kind, "the possible answers"))
        case Ref(name):
            return Outline(named(name, kb))
        case Scored(score, bound):
            return Outline(f"the score “{kb.scores[score].text or score}”", (points_kept(bound),))
        case _:
            assert_never(part)


def _below(same: type[All | AnyOf], parts: Iterable[Part], kb: KnowledgeBase) -> tuple[Outline, ...]:
    """The lines of the parts. An `all` inside an `all`, or an `any` inside an `any`, is merged into it."""
    found: list[Outline] = []
    for part in parts:
        held = outline(part, kb)
        found += held.parts if isinstance(part, same) and held.parts else (held,)
    return tuple(found)


def _opposite(held: Outline) -> Outline:
    """The negation of an outline; a double negation is removed."""
    if not held.parts:
        return Outline("not this", (), (held,))
    if held.text == "not this":
        return held.parts[0]
    text = {"any of these": "none of these", "none of these": "any of these"}.get(held.text)
    plain = held.text.removeprefix("not ")
    return Outline(text or (plain if plain != held.text else f"not {plain}"), (), held.parts)


def named(name: str, kb: KnowledgeBase) -> str:
    """A definition in words: `the finding “...”`."""
    kind, called, support = parsed(name)
    text = f"“{text_of(name, kb)}”"
    match kind:
        case "finding" | "advice":
            return f"the {kind} {text}"
        case "class":
            return f"the class {text}"
        case "condition":
            firmer = "" if support == SUPPORT[-1] else " or firmer"
            return f"the suspicion of {text}, {support}{firmer}"
        case "triage":
            higher = "" if called == list(kb.levels)[-1] else " or a higher one"
            return f"the level {text}{higher}"
        case "level":
            return f"just the level {text}"
        case "kind":
            return f"any advice under {text}"
        case "hold":
            return f"a hold on the advice {text}"
        case _:
            return called


def shown_with(part: Part | None, kb: KnowledgeBase) -> tuple[str, ...]:
    """The hosts of an item or a text, any of which shows it."""
    return tuple(named(host.name, kb) for host in hosts(part))


def consequences(conclusion: Conclusion, kb: KnowledgeBase) -> Iterator[Consequence]:
    """A conclusion in one or more lines."""
    match conclusion:
        case Finds(finding):
            yield Consequence("finds", kb.findings[finding])
        case Suspects(condition, support):
            yield Consequence("suspects", kb.conditions[condition].text, f"support: {support}")
        case CountsAgainst(condition):
            yield Consequence("counts against", kb.conditions[condition].text)
        case Triages(level):
            highest = level == list(kb.levels)[-1]
            yield Consequence("calls for", kb.levels[level].text, "" if highest else "at least")
        case Gives(items):
            yield from (Consequence("advises", kb.advice[item].text) for item in items)
        case Withholds(items):
            yield from _withheld(items, kb)
        case _:
            assert_never(conclusion)


def _withheld(items: tuple[str, ...], kb: KnowledgeBase) -> Iterator[Consequence]:
    """Complete kinds of advice by their heading, the other items by their text."""
    held, whole = set(items), set[str]()
    kinds: dict[str, set[str]] = {kind: set() for kind in kb.advice_kinds}
    for name, item in kb.advice.items():
        kinds[item.kind].add(name)
    for kind, members in kinds.items():
        if len(members) > 1 and members <= held:
            whole |= members
            yield Consequence("holds back", f"all advice under “{kb.advice_kinds[kind]}”")
    yield from (Consequence("holds back", kb.advice[item].text) for item in items if item not in whole)
