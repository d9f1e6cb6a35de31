"""The page of one case: what a person wants to read, most urgent first.

In: an assessment and its knowledge base. Out: sections of plain lines, which `rendered` sets for a terminal.
Where the level stands alone (an emergency), only the reason, where to go and what to do on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.assessment import Assessment
from engine.definitions import definitions, hosts
from engine.model import KnowledgeBase
from engine.valuation import questions_of
from engine.wording import phrase

MOST_QUESTIONS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: `mark` before it (`-`, `1.`), how deep it stands, and `notes` such as claims."""

    text: str
    mark: str = ""
    depth: int = 0
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines; `tone` is `title`, `alarm`, `calm` or `quiet`."""

    heading: str
    lines: tuple[Line, ...]
    tone: str = "calm"


def page(
    assessment: Assessment, kb: KnowledgeBase, about: str = "", everything: bool = False
) -> list[Section]:
    """The sections of the page; `everything` adds what an emergency leaves out."""
    level = assessment.triage.level if assessment.triage else None
    alone = level is not None and kb.levels[level].alone and not everything
    head = [Section(assessment.id, (Line(about),) if about else (), "title"), *_urgency(assessment, kb)]
    rest = _on_the_way(assessment, kb) if alone else _rest(assessment, kb)
    foot = [Section("", (Line(kb.notice),), "quiet")] if kb.notice else []
    return [*head, *rest, *foot]


def _on_the_way(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    lines = tuple(Line(kb.advice[each.item].text, "-") for each in assessment.advice.given)
    if lines:
        yield Section("On the way", lines)


def _rest(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    for section in (_scope, _questions, _clashes, _causes, _scores, _findings, _advice, _withheld, _articles):
        yield from section(assessment, kb)


def _urgency(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    triage = assessment.triage
    if triage is None:
        return
    if triage.level is None:
        heading = "Nothing here applies" if triage.ceiling is None else "No level yet"
        yield Section(heading, tuple(_could_be(assessment, kb)), "calm")
        return
    level = kb.levels[triage.level]
    why = tuple(_reason(rule, kb) for rule in triage.rules)
    tone = "alarm" if level.alone else "calm"
    shown = [] if level.alone else [_shown_with(f"triage:{name}", assessment, kb) for name in kb.levels]
    texts = [line for lines in shown for line in lines]
    yield Section(level.text, (Line(level.do), *why, *texts, *_could_be(assessment, kb)), tone)


def _could_be(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    triage = assessment.triage
    if triage is None or triage.settled or triage.ceiling is None:
        return
    highest = kb.levels[triage.ceiling].text
    yield Line(f"Not settled: as long as questions are open, it could still be “{highest}”.")


def _scope(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    if kb.scope is not None and assessment.in_scope is False:
        yield Section(
            "Outside what the articles cover",
            (
                Line(f"They are about {kb.scope.text}, and cover nothing else."),
                Line("The warning signs count all the same."),
            ),
        )


def _questions(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    asked = assessment.ask_next
    settled = assessment.triage is not None and assessment.triage.settled
    shown = [name for name in asked if not _hangs_on(name, asked, kb)]
    lines = [Line(kb.questions[name].ask, f"{at}.") for at, name in enumerate(shown[:MOST_QUESTIONS], 1)]
    if len(asked) > len(lines):
        lines.append(Line(f"and {len(asked) - len(lines)} more, some only if these answers call for them"))
    if lines:
        heading = (
            "Still open (the level cannot change any more)"
            if settled
            else "Still unanswered, most urgent first"
        )
        yield Section(heading, tuple(lines))
    unknown = [Line(kb.questions[name].ask, "-") for name in assessment.kept_open_by]
    if unknown:
        yield Section("Open because the answer is not known", tuple(unknown))


def _hangs_on(question: str, asked: Sequence[str], kb: KnowledgeBase) -> bool:
    """Whether it makes sense only after another open question."""
    part = kb.asked_when.get(question)
    return part is not None and any(
        name in asked for name in questions_of(f"asked:{question}", kb, definitions(kb))
    )


def _clashes(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    lines: list[Line] = []
    for clash in assessment.inconsistencies:
        entry = kb.consistency.get(clash.name)
        because = (
            entry.because
            if entry
            else "One question was answered though the others say that it does not apply."
        )
        lines.append(Line(because, "-"))
        lines += [Line(kb.questions[name].ask, "·", 1) for name in clash.questions]
    if lines:
        yield Section("Answers that do not go together", tuple(lines))


def _causes(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    lines: list[Line] = []
    at = 0
    for each in assessment.conditions:
        if each.support is None:
            continue
        at += 1
        firmly = f"{each.support}, to be ruled out" if each.serious else each.support
        lines.append(Line(f"{kb.conditions[each.name].text}", f"{at}.", 0, firmly))
        lines += [_reason(rule, kb, 1) for rule in each.rules]
        lines += [_reason(rule, kb, 1, "against: ") for rule in each.against]
        lines += _shown_with(f"condition:{each.name}:possible", assessment, kb)
    if lines:
        yield Section("What may be behind it", tuple(lines))


def _scores(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    lines = []
    for name, ends in assessment.scores.items():
        low, high = ends["low"], ends["high"]
        value = f"{low}" if low == high else f"{low} to {high}, as answers are open"
        lines.append(Line(f"{kb.scores[name].text or name}: {value}", "-"))
    if lines:
        yield Section("Scores", tuple(lines))


def _findings(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    lines: list[Line] = []
    for name in assessment.findings:
        lines.append(Line(kb.findings[name], "-"))
        lines += _shown_with(f"finding:{name}", assessment, kb)
    if lines:
        yield Section("What the answers show", tuple(lines))


def _advice(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    advice = assessment.advice
    unless = {each.item: each.unless for each in advice.given_unless}
    for kind, heading in kb.advice_kinds.items():
        given = [each.item for each in advice.given if kb.advice[each.item].kind == kind]
        maybe = [item for item in unless if kb.advice[item].kind == kind]
        if given:
            yield Section(heading, tuple(line for item in given for line in _item(item, assessment, kb)))
        for holds in dict.fromkeys(unless[item] for item in maybe):
            items = [item for item in maybe if unless[item] == holds]
            yield Section(
                f"{heading}, only if none of these applies", tuple(_conditional(items, holds, assessment, kb))
            )


def _conditional(
    items: Sequence[str], holds: Sequence[str], assessment: Assessment, kb: KnowledgeBase
) -> Iterator[Line]:
    for hold in holds:
        yield Line(phrase(kb.rules[hold].when, kb), "✗")
    for item in items:
        yield from _item(item, assessment, kb)


def _item(item: str, assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    entry = kb.advice[item]
    yield Line(entry.text, "-", 0, _claims(entry.claims))
    yield from _shown_with(f"advice:{item}", assessment, kb)


def _shown_with(host: str, assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    """The texts of a host; those of an item or condition that is on the page appear with it."""
    for text in kb.texts.values():
        is_shown = not host.startswith("triage:") or text.name in assessment.texts
        if is_shown and any(ref.name == host for ref in hosts(text.shown_with)):
            yield Line(text.text, "", 1, _claims(text.claims))


def _withheld(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    lines: list[Line] = []
    for held in assessment.advice.held:
        lines.append(_reason(held.rule, kb))
        lines += [Line(kb.advice[item].text, "✗", 1) for item in held.items]
    if lines:
        yield Section("Not now", tuple(lines))


def _articles(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    triage = assessment.triage
    lines = []
    levels = {source: reach.level for source, reach in triage.by_source.items()} if triage else {}
    if len(set(levels.values())) > 1:
        for source, level in levels.items():
            said = kb.levels[level].text if level else "no level"
            lines.append(Line(f"{kb.sources[source].get('title', source)}: {said}", source))
    for name in assessment.disagreements:
        entry = kb.disagreements[name]
        lines.append(Line(f"On {entry.about}:", "-"))
        lines += [Line(side.says, "·", 1, _claims(side.claims)) for side in entry.sides]
        lines.append(Line(entry.done, "→", 1))
    if lines:
        yield Section("Where the articles differ", tuple(lines))


def _reason(rule: str, kb: KnowledgeBase, depth: int = 0, before: str = "") -> Line:
    entry = kb.rules[rule]
    return Line(before + entry.because, "-", depth, _claims(entry.claims) if entry.claims else "ours")


def _claims(claims: Iterable[str]) -> str:
    return ", ".join(claims)
