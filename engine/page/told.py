"""What was answered, in a few lines: affirmed, denied, unknown, and not covered by the articles.

In: an assessment and its valuation. Out: sections and lines of a patient's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.meaning.definitions import hosts
from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment
from engine.model.knowledge_base import Suspects, Text, Triages
from engine.model.names import name_of, parsed
from engine.page.layout import Line, Section
from engine.page.room import Room
from engine.page.said import MOST_ASKED, Said, affirmed, behind, denied, unasked
from engine.page.wording import in_words
from facts.vocabulary import Choices, Unknown

THOUGH = "although other answers say that it does not apply."


def told(assessment: Assessment, case: Valuation, room: Room) -> Iterator[Section]:
    """The answers; first those that no article covers, if the knowledge base says so."""
    lines = [*said_back(assessment, case), *clashing(assessment, case)]
    lines += [*_answers(assessment, case, room), *_denied(case, room), *not_answered(case)]
    if lines:
        yield Section("What you told us", tuple(lines))


def said_back(assessment: Assessment, case: Valuation) -> Iterator[Line]:
    """The texts that comment on answers, each after these answers."""
    for text in _saying_back(assessment, case):
        said = joined(in_words(_behind_text(text, case), case))
        yield Line(
            f"{_ended(said)} {text.text}" if said else text.text, "-", lead="You told us" if said else ""
        )


def _saying_back(assessment: Assessment, case: Valuation) -> list[Text]:
    texts = case.prepared.kb.texts
    return [texts[name] for name in assessment.texts if texts[name].says_back]


def _behind_text(text: Text, case: Valuation) -> list[Said]:
    """The answers that caused a text to be shown."""
    return behind((ref.name for ref in hosts(text.shown_with) if case.value(ref.name)), case)


def not_answered(case: Valuation) -> Iterator[Line]:
    """The unanswered questions about red flags: by name if few or answered `unknown`, else their number."""
    kb, names = case.prepared.kb, unasked(case)
    could_not = [name for name in names if isinstance(case.answers.get(name), Unknown)]
    others = [name for name in names if name not in could_not]
    for lead, some in (("You could not say", could_not), ("Not answered", others)):
        asks = " ".join(kb.questions[name].ask for name in some)
        if len(some) > MOST_ASKED and some is others:
            asks = f"{len(some)} questions about warning signs; the first are below."
        help = " If you are not sure, call a doctor and say so." if some is could_not else ""
        yield from [Line(f"{asks}{help}", "-", lead=lead)] if asks else []


def clashing(assessment: Assessment, case: Valuation) -> Iterator[Line]:
    """Answers that cannot all be right, one line each.

    Denying a question that does not apply is not a contradiction.
    """
    kb = case.prepared.kb
    for clash in assessment.inconsistencies:
        entry, name = kb.consistency.get(clash.name), parsed(clash.name).name
        if entry is None and not affirmed(name, case):
            continue
        because = entry.because if entry else f"“{kb.questions[name].ask}” was answered, {THOUGH}"
        yield Line(because, "-", lead="Please look at this again")


def _answers(assessment: Assessment, case: Valuation, room: Room) -> Iterator[Line]:
    """Options ticked in lists, then other answers, first those on which conclusions rest; without those that
    a text has already repeated.
    """
    questions = case.prepared.kb.questions
    before = {said for text in _saying_back(assessment, case) for said in _behind_text(text, case)}
    there = (name for name in questions if case.is_answered(name))
    said = [each for name in there for each in affirmed(name, case) if each not in before]
    lists = [each for each in said if isinstance(questions[each.question].kind, Choices)]
    plain = [each for each in lists if not questions[each.question].label]
    ticked = joined(in_words(plain, case))
    yield from [Line(_ended(ticked), "-", lead="You said yes to")] if ticked else []
    counts = {each.question for each in behind(_of_weight(assessment, case), case)}
    others = [each for each in said if each not in lists]
    first = sorted(others, key=lambda each: each.question not in counts)[: room.told]
    left = len(others) - len(first)
    more = f" And {left} more answer{'s' if left > 1 else ''}." if left else ""
    shown = [each for each in said if each not in plain and (each in first or each in lists)]
    yield from [Line(_ended(joined(in_words(shown, case))) + more, "-", lead="You said")] if shown else []


def _denied(case: Valuation, room: Room) -> Iterator[Line]:
    said = list(dict.fromkeys(text for each in denied(case) for text in _one_denied(each, case)))
    left = len(said) - room.denied
    more = f"; and {left} more warning sign{'s' if left > 1 else ''}" if left > 0 else ""
    yield from (
        [Line(_ended("; ".join(said[: room.denied]) + more), "-", lead="You said no to")] if said else []
    )


def _one_denied(said: Said, case: Valuation) -> list[str]:
    """What was denied: an option, or the subject of a yes/no question."""
    question = case.prepared.kb.questions[said.question]
    return in_words([said], case) if said.option else [question.label or question.ask]


def _of_weight(assessment: Assessment, case: Valuation) -> Iterator[str]:
    """The fired rules that give a level or suspect a condition."""
    for id in assessment.fired:
        if any(isinstance(each, Triages | Suspects) for each in case.prepared.kb.rules[id].then):
            yield name_of("rule", id)


def _ended(text: str) -> str:
    """A text that ends with a full stop, question mark or exclamation mark."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def joined(texts: Iterable[str]) -> str:
    """Distinct texts joined into one line."""
    return "; ".join(dict.fromkeys(texts))
