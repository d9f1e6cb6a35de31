"""The middle of a page: possible causes, what the answers show, and where the articles differ."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.assessment import Assessment, Reach, Suspicion
from engine.model.classes import Class
from engine.model.knowledge_base import KnowledgeBase, Suspects, Triages
from engine.model.names import name_of
from engine.page.layout import Line, Section, cited, footing, reason, shown_with
from engine.words.phrases import class_text


def causes(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The suspected conditions, ranked, with reasons; then those that are only listed, one line each."""
    supported = [each for each in assessment.conditions if each.support is not None]
    listed = [each for each in supported if each.support == "background" and not each.serious]
    suspected = [each for each in supported if each not in listed]
    lines = [line for at, each in enumerate(suspected, 1) for line in _suspected(at, each, assessment, kb)]
    if lines:
        yield Section("Possible causes", tuple(lines))
    if listed:
        also = [line for each in listed for line in _listed(each, assessment, kb)]
        yield Section("Also listed, but no sign points to them", tuple(also))


def _suspected(at: int, condition: Suspicion, assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    firmly = f"{condition.support}, to be ruled out" if condition.serious else condition.support or ""
    yield Line(kb.conditions[condition.name].text, f"{at}.", 0, firmly)
    pointing = [rule for rule in condition.rules if not merely_lists(rule, condition.name, kb)]
    yield from (reason(rule, kb, 1) for rule in pointing or condition.rules)
    yield from (reason(rule, kb, 1, "against: ") for rule in condition.against)
    yield from shown_with(name_of("condition", condition.name), assessment, kb)


def merely_lists(rule: str, condition: str, kb: KnowledgeBase) -> bool:
    """Whether a rule suspects a condition in every case."""
    return Suspects(condition, "background") in kb.rules[rule].then


def _listed(condition: Suspicion, assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    against = f"; against: {footing(condition.against, kb)}" if condition.against else ""
    yield Line(kb.conditions[condition.name].text, "-", 0, footing(condition.rules, kb) + against)
    yield from shown_with(name_of("condition", condition.name), assessment, kb)


def scores(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The scores, as a number or as an interval, and the classes that are decided."""
    lines = []
    for name, ends in assessment.scores.items():
        low, high = ends["low"], ends["high"]
        value = f"{low}" if low == high else f"{low} to {high}, depending on open answers"
        own = _decided(name, assessment, kb)
        lines.append(Line(f"{kb.scores[name].text or name}: {value}{f', {own.text}' if own else ''}", "-"))
        lines += _published(own, kb)
    for name, classes in kb.classes.items():
        own = _decided(name, assessment, kb)
        if own is not None and not classes.is_score:
            lines.append(Line(class_text(name, own.name, kb), "-"))
            lines += _published(own, kb)
    if lines:
        yield Section("Scores", tuple(lines))


def _decided(name: str, assessment: Assessment, kb: KnowledgeBase) -> Class | None:
    """The class of a score or number, None while it is open."""
    decided = assessment.classes.get(name)
    return (
        next((each for each in kb.classes[name].classes if each.name == decided), None) if decided else None
    )


def _published(own: Class | None, kb: KnowledgeBase) -> Iterator[Line]:
    """What an article says about the people in a class."""
    if own is not None and own.value:
        title = kb.sources.get(own.source, {}).get("title", "")
        yield Line(f"{own.value} ({title})" if title else own.value, "", 1)


def findings(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The established findings."""
    lines: list[Line] = []
    for name in assessment.findings:
        lines.append(Line(kb.findings[name], "-"))
        lines += shown_with(name_of("finding", name), assessment, kb)
    if lines:
        yield Section("What the answers show", tuple(lines))


def articles(assessment: Assessment, kb: KnowledgeBase, everything: bool = True) -> Iterator[Section]:
    """What each article says where they differ.

    An article without a triage rule says nothing about urgency. Entries for editors appear only with
    `everything`.
    """
    triage = assessment.triage
    lines = []
    speaking = _sources_of_triage(kb)
    reached = {each: reach for each, reach in triage.by_source.items() if each in speaking} if triage else {}
    if len({reach.level for reach in reached.values()}) > 1:
        for source, reach in reached.items():
            said = _said(reach, kb)
            lines.append(Line(f"alone ({kb.sources[source].get('title', source)}) says: {said}", source))
    if lines and triage and triage.level and all(not kb.rules[rule].claims for rule in triage.rules):
        lines.append(Line(f"our own rules give “{kb.levels[triage.level].text}”; no article does", "ours"))
    entries = [kb.disagreements[name] for name in assessment.disagreements]
    for entry in entries:
        if entry.editors and not everything:
            continue
        lines.append(Line(f"On {entry.about}:", "-"))
        lines += [Line(side.says, "·", 1, cited(side.claims)) for side in entry.sides]
        lines.append(Line(entry.done, "→", 1))
    if lines:
        lines.append(Line("The safer level counts."))
        yield Section("Where the articles differ", tuple(lines))


def _sources_of_triage(kb: KnowledgeBase) -> set[str]:
    triaging = (rule for rule in kb.rules.values() if any(isinstance(each, Triages) for each in rule.then))
    return {kb.source_of(claim) for rule in triaging for claim in rule.claims}


def _said(reach: Reach, kb: KnowledgeBase) -> str:
    """An article's own level, and the level that it could still reach."""
    said = kb.levels[reach.level].text if reach.level else "no level"
    open_ = reach.ceiling is not None and reach.ceiling != reach.level
    return f"{said}; open answers could make it “{kb.levels[reach.ceiling or ''].text}”" if open_ else said
