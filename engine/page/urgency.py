"""The head of a page: how urgent it is and why, when to come back sooner, whom the knowledge base is about,
and answers that clash.

In: an assessment and its knowledge base. Out: sections. If no level applies, the head says so; if the
knowledge base has no levels, it says whether anything was found. So the head is never empty, even if nothing
was found.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.assessment import Assessment, Triage
from engine.model.knowledge_base import CountsAgainst, KnowledgeBase, Withholds
from engine.model.names import name_of
from engine.page.layout import Line, Section, reason, shown_with

MOST_ABSENT = 12
"""Maximum number of ruled-out conclusions that are named."""
ANSWERED = "Every question that could give a level is answered."
NO_ALL_CLEAR = "This page cannot reassure you: ask a doctor about whatever worries you."
FIRST = "Answer the open questions first, or ask a doctor. Until then this page cannot reassure you."


def urgency(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The level and the reasons for it."""
    triage = assessment.triage
    if triage is None or triage.level is None or not is_named(triage, kb):
        yield from unnamed(assessment, kb)
        return
    level = kb.levels[triage.level]
    why = tuple(reason(rule, kb) for rule in triage.rules)
    tone = "alarm" if level.alone else "calm"
    shown = [] if level.alone else [shown_with(name_of("triage", name), assessment, kb) for name in kb.levels]
    texts = [line for lines in shown for line in lines]
    do = [Line(level.do)] if level.do else []
    yield Section(level.text, (*do, *could_be(assessment, kb), *why, *texts), tone)


def is_named(triage: Triage, kb: KnowledgeBase) -> bool:
    """Whether a page may name the level; not if it reassures while a higher level is open."""
    return triage.level is not None and (triage.settled or not kb.levels[triage.level].reassures)


def unnamed(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """A section that says that no level can be named, and that this is no reason to feel safe."""
    triage = assessment.triage
    if triage is None:
        yield from _without_levels(assessment, kb)
    elif triage.ceiling is None:
        yield _no_level(assessment, kb)
    else:
        yield Section("No level yet", (Line(FIRST), *could_be(assessment, kb)))


def _without_levels(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """That nothing was found, so far or at all; omitted if something was found."""
    if _found_something(assessment, kb):
        return
    if assessment.open:
        yield Section("Nothing found yet", (Line("Not settled: open questions could still change this."),))
        return
    conditions = (each.text for each in kb.conditions.values())
    absent = [*kb.findings.values(), *conditions, *(each.text for each in kb.advice.values())]
    lines = [Line(text, "✗") for text in absent[:MOST_ABSENT]]
    more = [Line(f"and {len(absent) - MOST_ABSENT} more")] if len(absent) > MOST_ABSENT else []
    said = Line("Every question that could change this is answered. None of these applies:")
    yield Section("Nothing here applies", (said, *lines, *more))


def _found_something(assessment: Assessment, kb: KnowledgeBase) -> bool:
    """Whether a fired rule concluded more than that something does not apply."""
    concluded = (each for rule in assessment.fired for each in kb.rules[rule].then)
    return any(not isinstance(each, CountsAgainst | Withholds) for each in concluded)


def _no_level(assessment: Assessment, kb: KnowledgeBase) -> Section:
    """A section that says that no answers can lead to a level any more, and that this is no reason to feel
    safe.
    """
    levels = [level.text for level in reversed(list(kb.levels.values())) if not level.reassures]
    lines = [Line(NO_ALL_CLEAR), Line(f"{ANSWERED} None of these levels applies:")]
    lines += [Line(text, "✗") for text in levels]
    lines += [Line("Open questions could still change the rest of this page.")] if assessment.open else []
    return Section(
        "No level applies" if _found_something(assessment, kb) else "Nothing here applies", tuple(lines)
    )


def could_be(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Line]:
    """The level that open answers could still lead to."""
    triage = assessment.triage
    if triage is None or triage.settled or triage.ceiling is None:
        return
    highest = kb.levels[triage.ceiling].text
    yield Line(f"Not settled: open answers could still make it “{highest}”.")


def scope(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """A section that says that the articles do not cover this case."""
    if kb.scope is not None and assessment.in_scope is False:
        about = Line(f"The articles are about {kb.scope.text} and cover nothing else.")
        warns = any(map(kb.is_red_flag, kb.rules.values()))
        still = [Line("The warning signs still apply.")] if warns else []
        yield Section("Outside what the articles cover", (about, *still))


def clashes(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """Answers that cannot all be right."""
    lines: list[Line] = []
    for clash in assessment.inconsistencies:
        entry = kb.consistency.get(clash.name)
        because = (
            entry.because
            if entry
            else "One question was answered, although other answers say that it does not apply."
        )
        lines.append(Line(because, "-"))
        lines += [Line(kb.questions[name].ask, "·", 1, name) for name in clash.questions]
    if lines:
        yield Section("These answers contradict each other; please look at them again", tuple(lines))


def sooner(assessment: Assessment, kb: KnowledgeBase) -> Iterator[Section]:
    """The signs of each level above the current one, highest first; none for a level that stands alone.

    Somebody without these signs today may have them tomorrow.
    """
    level = assessment.triage.level if assessment.triage else None
    if level is not None and kb.levels[level].alone:
        return
    names = list(kb.levels)
    above = names[names.index(level) + 1 :] if level is not None else names
    for name in reversed(above):
        if kb.levels[name].signs:
            yield Section(kb.levels[name].sooner, tuple(Line(sign, "-") for sign in kb.levels[name].signs))
