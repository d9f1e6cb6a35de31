"""A professional's page: one printed page with the reasons for the conclusions.

In: an assessment and its valuation. Out: sections: the level with its rules, the answers, the red flags by
status, the suspected causes, and where the articles differ. Options are written in words; claims are in
brackets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.meaning.valuation import Valuation
from engine.model.assessment import Assessment, Suspicion
from engine.model.knowledge_base import KnowledgeBase
from engine.page.causes import merely_lists, scores
from engine.page.layout import Line, Section, cited, footing
from engine.page.said import Said, flags, truth, unasked
from engine.page.suspects import FIRMLY
from engine.page.told import clashing, joined, said_back
from engine.page.urgency import sooner
from engine.page.wording import after, answered, in_words
from facts.vocabulary import Unknown

CODES = "In brackets: claims of the articles that are named by their letters; “ours” where none says it."


def professional(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """The sections of a professional's page."""
    kb = case.prepared.kb
    yield from _level(assessment, case)
    yield from _answers(assessment, case)
    yield from _red_flags(case)
    yield from _suspected(assessment, kb)
    yield from scores(assessment, kb)
    yield from _disagreements(assessment, kb)
    yield from _sooner(assessment, kb)
    yield from _sources(kb)


def _level(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """The level, the highest level still possible, the reasons, and the level of each article alone."""
    kb, triage = case.prepared.kb, assessment.triage
    lines = list(_outside(assessment, kb))
    heading = "No levels of urgency here"
    if triage is not None:
        none = "Nothing here applies" if triage.ceiling is None else "No level yet"
        heading = kb.levels[triage.level].text if triage.level else none
        if not triage.settled and triage.ceiling:
            lines.append(Line(f"Not settled: open answers could make it “{kb.levels[triage.ceiling].text}”."))
        lines += _because(triage.rules, kb)
        apart = {source: reach.level for source, reach in triage.by_source.items() if reach.level}
        alone = joined(f"{source}: {kb.levels[level].text}" for source, level in apart.items())
        lines += [Line(alone, "-", lead="Each article alone")] if len({*apart.values()}) > 1 else []
    else:
        lines += _because(assessment.fired, kb)
    lines += said_back(assessment, case)
    alarm = triage is not None and triage.level is not None and kb.levels[triage.level].alone
    yield Section(heading, tuple(lines), "alarm" if alarm else "calm")


def _outside(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    if kb.scope is not None and assessment.in_scope is not True:
        is_open = "not known whether this is" if assessment.in_scope is None else "this is not"
        yield Line(f"{is_open} about {kb.scope.text}.", lead="Scope")


def _because(rules: Iterable[str], kb: KnowledgeBase) -> Iterator[Line]:
    """Each distinct reason once, with the claims of all rules that give it."""
    reasons: dict[str, list[str]] = {}
    for rule in rules:
        reasons.setdefault(kb.rules[rule].because, []).append(rule)
    yield from (Line(because, "-", 0, footing(ids, kb)) for because, ids in reasons.items())


def _answers(assessment: Assessment, case: Valuation) -> Iterator[Section]:
    """The answers in one line, each after its question; denials follow in a line of their own."""
    questions, lines = case.prepared.kb.questions, list(clashing(assessment, case))
    said: list[str] = []
    nothing: list[str] = []
    for name, question in questions.items():
        answer = case.answers.get(name)
        if answer is None or isinstance(answer, Unknown):
            continue
        text = answered(name, answer, case)
        is_denial = answer is False or (isinstance(answer, Mapping) and not text)
        (nothing if is_denial else said).append(after(question, text))
    lines += [Line(" · ".join(said))] if said else []
    lines += [Line(" · ".join(nothing), lead="Denied, as far as answered")] if nothing else []
    if lines:
        yield Section("Answers", tuple(lines))


def _red_flags(case: Valuation) -> Iterator[Section]:
    """The answers that red flags read: present, denied, not known, not asked."""
    kb, found = case.prepared.kb, flags(case)
    there, denied = ([each for each in found if truth(each, case) is known] for known in (True, False))
    asked = [each for each in found if truth(each, case) is None and each.question in case.answers]
    asks = joined(kb.questions[name].ask for name in unasked(case) if name not in case.answers)
    parts = {
        "Present, or part of a pattern": _words(there, case),
        "Asked and denied": _words(denied, case),
        "Asked, not known": _words(asked, case),
        "Not asked": asks,
    }
    lines = [Line(text, "-", lead=lead) for lead, text in parts.items() if text]
    if lines:
        yield Section("Red flags", tuple(lines))


def _words(found: Iterable[Said], case: Valuation) -> str:
    return joined(in_words(found, case))


def _suspected(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The suspected conditions with support and grounds, without conditions that are listed for everybody."""
    found = [each for each in assessment.conditions if each.support is not None]
    suspected = [each for each in found if each.serious or each.support in FIRMLY]
    lines = [line for at, each in enumerate(suspected, 1) for line in _grounds(at, each, kb)]
    if lines:
        yield Section("Suspected causes", tuple(lines))


def _grounds(at: int, condition: Suspicion, kb: KnowledgeBase) -> Iterator[Line]:
    firmly = f"{condition.support}{', to be ruled out' if condition.serious else ''}"
    pointing = [rule for rule in condition.rules if not merely_lists(rule, condition.name, kb)]
    grounds = " ".join(dict.fromkeys(kb.rules[rule].because for rule in pointing or condition.rules))
    said = f"{kb.conditions[condition.name].text} ({firmly}). {grounds}"
    yield Line(said, f"{at}.", 0, footing(pointing or condition.rules, kb))
    for line in _because(condition.against, kb):
        yield Line(line.text, "", 1, line.notes, lead="Against")


def _disagreements(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """Where the articles differ in a way that affects this case, without entries for editors."""
    lines = []
    for entry in (kb.disagreements[name] for name in assessment.disagreements):
        if not entry.editors:
            sides = "; ".join(f"{side.says} [{cited(side.claims)}]" for side in entry.sides)
            lines.append(Line(sides, "-", lead=f"On {entry.about}"))
    if lines:
        yield Section("Where the articles differ", tuple(lines))


def _sooner(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """When to come back sooner, one line per level, for the professional to pass on."""
    lines = [
        Line("; ".join(line.text for line in each.lines), "-", lead=each.heading)
        for each in sooner(assessment, kb)
    ]
    if lines:
        yield Section("To be told: when to come back sooner", tuple(lines))


def _sources(kb: KnowledgeBase) -> Iterator[Section]:
    """The articles by the letters with which claims begin."""
    if kb.sources:
        listed = (f"{name}: {source.get('title', name)}" for name, source in kb.sources.items())
        yield Section("", (Line("; ".join(listed), lead="Sources"), Line(CODES)), "quiet")
