"""What the cases of a knowledge base leave untried: rules that never fire or are never ruled out, results
never reached.

A base without cases gets a single finding. The truth of the rules is evaluated in columns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.checks.check import Check, Examined, Problems, finding
from engine.checks.written import alike, sources_of
from engine.meaning.holds import contribution
from engine.meaning.valuation import Valuation, questions_of
from engine.model.knowledge_base import SUPPORT, Rule, Suspects, Triages, Withholds
from engine.model.names import name_of
from engine.model.parts import Always, Part
from engine.model.scores import Points
from engine.words.rule_text import written
from facts.case import Case
from facts.plain import Plain
from facts.problem import Problem, Span, quote, quoted

MOST_NAMED = 3
"""Maximum number of names in one message."""


def no_cases(examined: Examined) -> Problems:
    """A knowledge base without cases."""
    if examined.cases == () and examined.kb.rules:
        message = "the knowledge base has no cases, so nobody sees what its rules do"
        help = "write cases in its folder `cases`, each with `about`, `answers` and `expect`"
        yield finding("no-cases", message, examined.comments.base or Span(examined.path), help)


def open_in_every_case(examined: Examined) -> Problems:
    """Rules that every case leaves open, together with the results that no case reaches for that reason."""
    hanging = _hanging(examined)
    if hanging:
        first, *others = examined.open_everywhere
        rules = quoted([first, *others[: MOST_NAMED - 1]])
        words = [each.rpartition("`")[0].rpartition("`")[2] for each in hanging]
        named = quoted(words[:MOST_NAMED]) + (", ..." if words[MOST_NAMED:] else "")
        message = f"every case leaves rule {rules} open, and therefore {len(hanging):,} other things: {named}"
        asked = quoted(sorted(_unanswered(examined))[:MOST_NAMED])
        help = f"answer {asked} in the cases, and add a case that fires the rule"
        yield finding("open-in-every-case", message, examined.kb.rules[first].span, help)


def _hanging(examined: Examined) -> list[str]:
    """Whatever no case shows only because every case leaves some rules open."""
    if not _unanswered(examined):
        return []
    now, then = _lacking(examined), set(_lacking(examined.without_open))
    found = [each for each in now if each not in then]
    return found if len(found) > len(examined.open_everywhere) else []


def _unanswered(examined: Examined) -> set[str]:
    """The questions without an answer in any case, if every rule that all cases leave open reads them."""
    open_rules = [name_of("rule", id) for id in examined.open_everywhere]
    answered = {question for case in examined.cases or () for question in case.answers}
    asked = [questions_of(name, examined.kb, examined.definitions) for name in open_rules]
    return set(examined.kb.questions).intersection(*asked) - answered if asked else set()


def _told(id: str, hanging: Collection[str], examined: Examined) -> bool:
    """Whether `open-in-every-case` already reports this rule."""
    return bool(hanging) and id in examined.open_everywhere


def _lacking(examined: Examined) -> list[str]:
    """Descriptions of everything that no case shows."""
    rules = [
        f"fires rule `{id}`"
        for id in examined.kb.rules
        if not examined.truths.ever(name_of("rule", id), True)
    ]
    found = (_conditions, _levels, _holds, _names, _classes)
    return rules + [what for each in found for what, _, _ in each(examined)]


def rule_without_case(examined: Examined) -> Problems:
    """Rules that fire in no case."""
    hanging = set(_hanging(examined))
    for id, rule in examined.kb.rules.items() if examined.cases else ():
        is_missing = not examined.truths.ever(name_of("rule", id), True) and _can_be(
            name_of("rule", id), examined
        )
        if is_missing and f"fires rule `{id}`" not in hanging and not _told(id, hanging, examined):
            message = f"no case fires rule {quote(id)}"
            yield finding(
                "rule-without-case", message, rule.span, f"add a case with `expect: {{fired: [{id}]}}`"
            )


def rule_without_near_miss(examined: Examined) -> Problems:
    """Rules without a case that rules them out and says so in `expect_not`."""
    hanging = set(_hanging(examined))
    naming: dict[str, list[tuple[int, Case]]] = {}
    for at, case in enumerate(examined.cases or ()):
        for id in named(case.expect_not.get("fired")):
            naming.setdefault(id, []).append((at, case))
    for id, rule in examined.kb.rules.items() if examined.cases else ():
        name, near = (
            name_of("rule", id),
            [(examined.truths.at(name_of("rule", id), at), case) for at, case in naming.get(id, [])],
        )
        missed = any(truth is False for truth, _ in near) or not _can_be(name, examined)
        if hanging and not missed:
            then = examined.without_open.truths
            missed = _told(id, hanging, examined) or any(
                then.at(name, at) is False for at, _ in naming.get(id, [])
            )
        if not isinstance(rule.when, Always) and not missed:
            blocked = [(examined.cases or ())[at] for at in examined.truths.rows(name, False)[:1]]
            yield _without_near_miss(rule, [case for truth, case in near if truth is None], blocked)


def _can_be(name: str, examined: Examined) -> bool:
    """Whether something can be true at all; what cannot is reported by `never-fires` alone."""
    return name not in examined.boxes or examined.boxes[name].true is not None


def _without_near_miss(rule: Rule, left_open: Sequence[Case], blocked: Sequence[Case]) -> Problem:
    message = f"rule {quote(rule.id)} has no near miss"
    expected = f"`expect_not: {{fired: [{rule.id}]}}`"
    help = f"add a case with {expected} whose answers make only one part of the `when` false"
    if blocked:
        help += f"; case {quote(blocked[0].id)} already rules it out, but lacks this expectation"
    if left_open:
        help = (
            f"case {quote(left_open[0].id)} expects this but leaves the rule open: answer its questions there"
        )
    return finding("rule-without-near-miss", message, rule.span, help)


def never_met(examined: Examined) -> Problems:
    """Possible results of an assessment that no case has."""
    if not examined.cases:
        return
    hanging = set(_hanging(examined))
    for what, expect, span in (
        *_conditions(examined),
        *_levels(examined),
        *_holds(examined),
        *_names(examined),
        *_classes(examined),
    ):
        if what not in hanging:
            yield finding("never-met", f"no case {what}", span, f"add a case with `expect: {{{expect}}}`")


Unmet = Iterator[tuple[str, str, Span]]


def _conditions(examined: Examined) -> Unmet:
    """Supports of a condition that are in no case the strongest one."""
    given: dict[Suspects, Span] = {}
    for rule in examined.kb.rules.values():
        for each in rule.then:
            if isinstance(each, Suspects):
                given.setdefault(each, rule.span)
    for each, span in given.items():
        name, at = each.condition, SUPPORT.index(each.support)
        own = examined.truths[name_of("condition", name, each.support)]
        firmer = (
            examined.truths[name_of("condition", name, SUPPORT[at + 1])]
            if SUPPORT[at + 1 :]
            else [None] * len(own)
        )
        if not any(here is True and more is not True for here, more in zip(own, firmer, strict=True)):
            what = f"gives condition {quote(name)} the support `{each.support}`"
            yield what, f"conditions: {{{name}: {each.support}}}", span


def _levels(examined: Examined) -> Unmet:
    """Levels that no case reaches, neither by all articles nor by a single one."""
    kb, met = examined.kb, set[str]()
    levels = list(kb.levels)
    reached: dict[tuple[int, str], int] = {}
    for rule in kb.rules.values():
        own = max((levels.index(each.level) for each in rule.then if isinstance(each, Triages)), default=None)
        for at in examined.truths.rows(name_of("rule", rule.id), True) if own is not None else ():
            for source in ("", *sources_of(rule, kb)):
                reached[at, source] = max(own or 0, reached.get((at, source), 0))
    met |= {levels[highest] for highest in reached.values()}
    for level in levels:
        if level not in met:
            yield (
                f"reaches level {quote(level)}",
                f"triage: {{level: {level}}}",
                examined.place("triage", level),
            )


def _holds(examined: Examined) -> Unmet:
    """Rules that in no case hold back an item that could be given."""
    for rule in examined.kb.rules.values():
        items = [item for each in rule.then if isinstance(each, Withholds) for item in each.items]
        if items and not any(
            examined.truths.at(name_of("give", item), at) is not False
            for at in examined.truths.rows(name_of("rule", rule.id), True)
            for item in items
        ):
            what = f"has advice that rule {quote(rule.id)} holds back"
            yield what, f"advice: {{held: [{items[0]}]}}", rule.span


def _names(examined: Examined) -> Unmet:
    """Findings, items, texts, clashes and disagreements that occur in no case."""
    sections = (
        ("findings", "finding", "has finding {}", "findings: [{}]"),
        ("advice", "advice", "is given {}", "advice: {{given: [{}]}}"),
        ("texts", "text", "is shown text {}", "texts: [{}]"),
        ("consistency", "inconsistency", "has inconsistency {}", "inconsistencies: [{}]"),
        ("disagreements", "disagreement", "touches disagreement {}", "disagreements: [{}]"),
    )
    for section, kind, what, expect in sections:
        for name, span in examined.kb.places.get(section, {}).items():
            if not examined.truths.ever(name_of(kind, name), True) and _can_be(name_of(kind, name), examined):
                yield what.format(quote(name)), expect.format(name), span


def _classes(examined: Examined) -> Unmet:
    """Classes of scores and numbers that no case is in."""
    for of, classes in examined.kb.classes.items():
        for each in classes.classes:
            name = name_of("class", of, each.name)
            if not examined.truths.ever(name, True) and _can_be(name, examined):
                yield (
                    f"is in class {quote(each.name)} of {quote(of)}",
                    f"classes: {{{of}: {each.name}}}",
                    each.span,
                )


def score_line_without_case(examined: Examined) -> Problems:
    """Lines of a score whose part counts in no case, or in every case."""
    prepared = examined.prepared
    known = [Valuation(prepared, case.answers) for case in examined.cases or ()] if examined.kb.scores else []
    for name, score in examined.kb.scores.items() if known else ():
        for at, line in enumerate(score.lines):
            counted = {contribution(line, case) for case in known}
            if isinstance(line, Points) and line.ticks and not {(line.ticks,) * 2, (0, 0)} <= counted:
                counts = "every" if (line.ticks, line.ticks) in counted else "no"
                said = f"line {score.place(at)} of score {quote(name)}, {quote(written(line.when))},"
                message = f"{said} counts in {counts} case"
                help = "add a case with `expect: {scores: {...}}` that shows the opposite"
                yield finding("score-line-without-case", message, _place(line.when) or score.span, help)


def _place(part: Part) -> Span | None:
    span = None if isinstance(part, Always) else part.span
    return span if span and span.line else None


def untold(examined: Examined) -> Problems:
    """Cases without `about`, or without `expect` and `expect_not`."""
    for case in examined.cases or ():
        if not case.about:
            message = f"case {quote(case.id)} has no `about`"
            yield finding("untold-case", message, case.span, "add `about: ...`, one line about the person")
        if not (case.expect or case.expect_not):
            message = f"case {quote(case.id)} has no expectations"
            yield finding("untold-case", message, case.span, "add `expect: {...}`")


def same_about(examined: Examined) -> Problems:
    """Cases whose `about` says the same."""
    seen: dict[str, Span] = {}
    for case in examined.cases or ():
        about = alike(case.about)
        if about and about in seen:
            message = f"case {quote(case.id)} has the same `about` as an earlier case"
            yield finding("same-about", message, case.span, "say how the two people differ", seen[about])
        seen.setdefault(about, case.span)


def named(expected: Plain) -> list[str]:
    """The names in an expectation, which is one name, a list of members, or a mapping with names as keys."""
    if isinstance(expected, Mapping):
        return list(expected)
    several = expected if isinstance(expected, list) else [expected]
    names = [_name(each) if isinstance(each, Mapping) else each for each in several]
    return [each for each in names if isinstance(each, str)]


def _name(member: Mapping[str, Plain]) -> Plain:
    return next((member[key] for key in ("name", "item", "rule") if key in member), None)


CHECKS = (
    Check("no-cases", no_cases),
    Check("open-in-every-case", open_in_every_case),
    Check("rule-without-case", rule_without_case),
    Check("rule-without-near-miss", rule_without_near_miss),
    Check("never-met", never_met),
    Check("score-line-without-case", score_line_without_case),
    Check("untold-case", untold),
    Check("same-about", same_about),
)
