"""The answers on which conclusions rest, and which red flags were asked about.

In: a case and names of definitions. Out: answers as values, each one option or the answer to one question
(`engine.page.wording` puts them into words). Nothing here depends on what a question is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.meaning.asking import Asking
from engine.meaning.holds import holds
from engine.meaning.valuation import Valuation
from engine.model.knowledge_base import KnowledgeBase
from engine.model.names import name_of
from engine.model.parts import (
    All,
    Answered,
    AnyOf,
    ChosenBound,
    Count,
    Is,
    NoneOf,
    Not,
    OneOf,
    Part,
    Ref,
    Scored,
)
from engine.model.scores import Points
from facts.vocabulary import Choices, Unknown

MOST_ASKED = 2
"""Maximum number of unanswered questions about red flags that are named."""


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to a question, or one chosen option of a question with several."""

    question: str
    option: str = ""


def behind(names: Iterable[str], case: Valuation) -> list[Said]:
    """The answers that make these names true, in the order of the questionnaire; denials are left out."""
    found: set[Said] = set()
    for part in _parts_behind(names, case, into_all=True, true_alone=True):
        if isinstance(part, Answered):
            found.update(_passing(part, case))
        elif isinstance(part, Scored):
            lines = case.score(part.score).lines
            asked = {line.question for line in lines if not isinstance(line, Points)}
            found |= {Said(name) for name in asked if case.is_answered(name)}
    return in_order(found, case)


def denied(case: Valuation) -> list[Said]:
    """Signs that would be a red flag on their own and are known to be absent."""
    tested = _parts_behind(_red_flags(case.prepared.kb), case, into_all=False, true_alone=False)
    found = {said for part in tested if isinstance(part, Answered) for said in _alone(part, case)}
    return in_order((each for each in found if truth(each, case) is False), case)


def flags(case: Valuation) -> list[Said]:
    """Every answer that red flags read, whether on its own or together with others."""
    tested = _parts_behind(_red_flags(case.prepared.kb), case, into_all=True, true_alone=False)
    found = {said for part in tested if isinstance(part, Answered) for said in _read(part, case)}
    return in_order(found, case)


def affirmed(name: str, case: Valuation) -> list[Said]:
    """What an answer affirms; empty if it is a denial."""
    answer = case.answers[name]
    if isinstance(answer, Mapping):
        return [Said(name, option) for option, is_chosen in answer.items() if is_chosen]
    if isinstance(answer, str):
        return [Said(name, answer)]
    return [] if answer is False else [Said(name)]


def facts(case: Valuation) -> list[Said]:
    """Answers that a person cannot change, such as an age or an illness."""
    told = [name for name, each in case.prepared.kb.questions.items() if not each.changeable]
    return [said for name in told if case.is_answered(name) for said in affirmed(name, case)]


def unasked(case: Valuation) -> list[str]:
    """The unanswered questions that open red flags wait for, in the order to ask them."""
    asking = Asking(case)
    return without_waiting(asking.questions_behind(_red_flags(case.prepared.kb)), asking)


def without_waiting(names: Sequence[str], asking: Asking) -> list[str]:
    """The questions that do not wait for any of the others."""
    waits = {name: {*asking.questions_behind([name_of("asked", name)])} for name in names}
    return [name for name in names if waits[name].isdisjoint(names)]


def truth(said: Said, case: Valuation) -> bool | None:
    """Whether an option was chosen or a question affirmed, by any answer but `no`; None if unknown."""
    answer = case.answers.get(said.question)
    if answer is None or isinstance(answer, Unknown):
        return None
    if isinstance(answer, Mapping):
        return answer.get(said.option)
    if said.option:
        return answer == said.option
    return answer if isinstance(answer, bool) else True


def in_order(found: Iterable[Said], case: Valuation) -> list[Said]:
    """Answers in the order of the questionnaire."""
    places = {
        Said(question.name, option): (at, place)
        for at, question in enumerate(case.prepared.kb.questions.values())
        for place, option in enumerate(("", *getattr(question.kind, "options", ())))
    }
    return sorted(found, key=places.__getitem__)


def _red_flags(kb: KnowledgeBase) -> list[str]:
    return [name_of("rule", rule.id) for rule in kb.rules.values() if kb.is_warning(rule)]


def _parts_behind(names: Iterable[str], case: Valuation, into_all: bool, true_alone: bool) -> Iterator[Part]:
    """The innermost parts on which names rest, directly or through other definitions.

    Parts inside `all` and counts are included only if `into_all`; with `true_alone`, only parts that
    hold.
    """
    seen: set[str] = set()
    waiting: list[Part] = [Ref(name) for name in names]
    while waiting:
        part = waiting.pop()
        if true_alone and holds(part, case) is not True:
            continue
        match part:
            case Ref(name):
                if name not in seen and name in case.prepared.definitions:
                    seen.add(name)
                    waiting.append(case.prepared.definitions[name])
            case AnyOf(parts):
                waiting += parts
            case Count(least=0):
                pass
            case All(parts) | Count(parts=parts):
                waiting += parts if into_all or len(parts) == 1 else ()
            case Scored(score):
                yield part
                lines = case.score(score).lines
                waiting += [line.when for line in lines if into_all and isinstance(line, Points)]
            case Not():
                pass
            case _:
                yield part


def _passing(part: Answered, case: Valuation) -> Iterator[Said]:
    """The answers that pass a test; empty if it passes because options were not chosen."""
    answer = case.answers.get(part.question)
    match part.test, answer:
        case NoneOf(), _:
            return
        case OneOf(options) | ChosenBound(_, options), Mapping():
            yield from (Said(part.question, option) for option in options if answer.get(option))
        case OneOf(), str():
            yield Said(part.question, answer)
        case _ if answer is not None:
            yield Said(part.question)


def _alone(part: Answered, case: Valuation) -> Iterator[Said]:
    """The answers that would each pass a test alone, limited to options and to `yes`."""
    is_list = isinstance(case.prepared.kb.questions[part.question].kind, Choices)
    match part.test:
        case OneOf(options) if is_list:
            yield from (Said(part.question, option) for option in options)
        case ChosenBound(bound, options) if bound.comparison == "at_least" and bound.threshold <= 1:
            yield from (Said(part.question, option) for option in options)
        case Is(True):
            yield Said(part.question)
        case _:
            pass


def _read(part: Answered, case: Valuation) -> Iterator[Said]:
    """The answers that a test reads."""
    match part.test:
        case OneOf(options) | ChosenBound(_, options):
            yield from (Said(part.question, option) for option in options)
        case NoneOf():
            return
        case _:
            yield Said(part.question)
