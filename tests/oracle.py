"""The naive oracle: every rule evaluated again and again until nothing changes, then the meaning read out.

In: a knowledge base and a case. Out: the assessment as plain values, in the published form. Only
`engine.meaning.holds` is shared with the engine; conclusions, levels, advice and what to ask are worked out
here by themselves, from the rules as they are written. Slow on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from fractions import Fraction
from functools import lru_cache

from engine.meaning.holds import holds
from engine.model.classes import Classes
from engine.model.knowledge_base import (
    SUPPORT,
    Conclusion,
    CountsAgainst,
    Finds,
    Gives,
    KnowledgeBase,
    Property,
    Rule,
    Suspects,
    Triages,
    Withholds,
)
from engine.model.parts import All, Answered, AnyOf, Count, Not, Part, Ref, Scored
from engine.model.scores import TICKS, Bands, Line, Points, PointsByOption, Score, Times
from facts.case import Case
from facts.vocabulary import Answer, Number, Unknown

Truth = bool | None


def some(values: Iterable[Truth]) -> Truth:
    """Kleene's or: true if one is, false if all are, else unknown."""
    known = list(values)
    return True if True in known else None if None in known else False


class Truths:
    """What follows from the answers; a `FactBase` that `holds` can read."""

    def __init__(self, kb: KnowledgeBase, answers: dict[str, Answer]) -> None:
        self.kb = kb
        self.answers = answers
        self.open: dict[str, set[str]] = {}
        self.rules: dict[str, Truth] = dict.fromkeys(kb.rules)
        self.applies: dict[str, Truth] = dict.fromkeys(kb.asked_when)
        before = None
        while before != (self.rules, self.applies):
            before = (dict(self.rules), dict(self.applies))
            self.applies = {question: holds(part, self) for question, part in kb.asked_when.items()}
            self.rules = {id: holds(rule.when, self) for id, rule in kb.rules.items()}

    def score(self, name: str) -> Score:
        return self.kb.scores[name]

    def value(self, name: str) -> Truth:
        kind, _, rest = name.partition(":")
        if kind == "asked":
            return self.applies.get(rest, True)
        if kind == "kind":
            return some(
                self.value(f"advice:{name}") for name, item in self.kb.advice.items() if item.kind == rest
            )
        if kind == "hold":
            return self.hold(rest)
        if kind == "class":
            of, _, wanted = rest.partition(":")
            found, named = classes_of(self, self.kb.classes[of]), {*wanted.split("|")}
            return bool(found & named) and (True if found <= named else None)
        if kind == "advice":
            give, hold = self.give(rest), self.hold(rest)
            return False if give is False or hold is True else True if give and hold is False else None
        return some(self.rules[rule.id] for rule in self.rules_behind(name))

    def rules_behind(self, name: str) -> tuple[Rule, ...]:
        return rules_behind(self.kb, name)

    def hosts(self, item: str) -> list[str]:
        """What an item is shown with: the names that its `shown_with` reads."""
        shown_with = self.kb.advice[item].shown_with
        parts = [shown_with] if isinstance(shown_with, Ref) else getattr(shown_with, "parts", ())
        return [part.name for part in parts]

    def host_items(self, item: str) -> list[str]:
        return [name.removeprefix("advice:") for name in self.hosts(item) if name.startswith("advice:")]

    def give(self, item: str) -> Truth:
        own = giving(self.kb, frozenset([item]))
        others = [self.value(name) for name in self.hosts(item) if not name.startswith("advice:")]
        through = [self.give(host) for host in self.host_items(item)]
        return some([*(self.rules[rule.id] for rule in own), *others, *through])

    def hold(self, item: str) -> Truth:
        return some(self.rules[id] for id in self.hold_rules(item))

    def give_rules(self, item: str) -> list[str]:
        """The rules that give an item, or the item that it is shown with."""
        return [rule.id for rule in giving(self.kb, frozenset([item, *self.all_host_items(item)]))]

    def hold_rules(self, item: str) -> list[str]:
        """The rules that hold an item back, or the item that it is shown with."""
        return [rule.id for rule in withholding(self.kb, frozenset([item, *self.all_host_items(item)]))]

    def all_host_items(self, item: str) -> list[str]:
        direct = self.host_items(item)
        return direct + [far for host in direct for far in self.all_host_items(host)]

    def is_answered(self, question: str) -> bool:
        answer = self.answers.get(question)
        return answer is not None and not isinstance(answer, Unknown) and answer != {}


@lru_cache(maxsize=10_000)
def rules_behind(kb: KnowledgeBase, name: str) -> tuple[Rule, ...]:
    """The rules for a finding, for a support or a stronger one, for a level or a higher one."""
    kind, *rest = name.split(":")
    levels = list(kb.levels)
    match kind:
        case "finding":
            return rules_for(kb, lambda each: each == Finds(rest[0]))
        case "condition":
            enough = SUPPORT[SUPPORT.index(rest[1]) :]
            stronger = [Suspects(rest[0], support) for support in enough]
            return rules_for(kb, lambda each: each in stronger)
        case "triage":
            high = levels[levels.index(rest[0]) :]
            return rules_for(kb, lambda each: isinstance(each, Triages) and each.level in high)
        case "level":
            return rules_for(kb, lambda each: isinstance(each, Triages) and each.level == rest[0])
    raise KeyError(name)


@lru_cache(maxsize=10_000)
def giving(kb: KnowledgeBase, items: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that give one of these items."""
    return rules_for(kb, lambda each: isinstance(each, Gives) and bool(items & {*each.items}))


@lru_cache(maxsize=10_000)
def withholding(kb: KnowledgeBase, items: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that hold one of these items back."""
    return rules_for(kb, lambda each: isinstance(each, Withholds) and bool(items & {*each.items}))


@lru_cache(maxsize=10_000)
def concluding(kb: KnowledgeBase, conclusion: Conclusion) -> tuple[Rule, ...]:
    return rules_for(kb, conclusion.__eq__)


def rules_for(kb: KnowledgeBase, wanted: Callable[[Conclusion], object]) -> tuple[Rule, ...]:
    return tuple(rule for rule in kb.rules.values() if any(wanted(each) is True for each in rule.then))


# Scores


def points_of(case: Truths, line: Line) -> Set[Fraction]:
    """Everything that a line can still count."""
    if isinstance(line, Points):
        truth, counted = holds(line.when, case), Fraction(line.ticks, TICKS)
        return {counted} if truth else {Fraction(0)} if truth is False else {Fraction(0), counted}
    question = case.kb.questions[line.question]
    if case.is_answered(line.question):
        return {counted_for(line, case.answers[line.question])}
    applies = case.value(f"asked:{line.question}")
    if applies is False:
        return {Fraction(0)}
    counted = (
        {counted_for(line, option) for option in question.kind.options}
        if isinstance(line, PointsByOption)
        else counted_for_any(line, question.kind)
    )
    return counted | ({Fraction(0)} if applies is None else set())


@lru_cache(maxsize=1_000)
def counted_for_any(line: Times | Bands, kind: Number) -> frozenset[Fraction]:
    """What a line counts for each number that its question takes."""
    return frozenset(counted_for(line, answer) for answer in numbers(kind))


def numbers(kind: Number) -> list[Fraction]:
    """Every number that a question takes."""
    step = Fraction(1, 10**kind.decimals)
    low, high = (Fraction(str(end)) for end in (kind.minimum, kind.maximum))
    return [low + step * at for at in range(int((high - low) / step) + 1)]


def counted_for(line: Line, answer) -> Fraction:
    match line:
        case PointsByOption(_, ticks):
            return Fraction(ticks.get(answer, 0), TICKS)
        case Times(_, ticks, decimals):
            return Fraction(str(answer)) * 10**decimals * Fraction(ticks, TICKS)
        case Bands(_, bands):
            fitting = [
                ticks
                for below, ticks in bands
                if below is None or Fraction(str(answer)) < Fraction(str(below))
            ]
            return Fraction(fitting[0], TICKS)
    raise TypeError(line)


def score_ends(case: Truths, score: Score) -> dict[str, int | float]:
    lines = [points_of(case, line) for line in score.lines]
    return {"low": number(sum(map(min, lines))), "high": number(sum(map(max, lines)))}


def number(value: Fraction | int) -> int | float:
    return int(value) if value == int(value) else float(value)


# What is open, and what to ask


def open_for(case: Truths, part: Part) -> set[str]:
    """The questions that an unknown part reads, directly or through what it reads."""
    if holds(part, case) is not None:
        return set()
    match part:
        case All(parts) | AnyOf(parts) | Count(parts=parts):
            return open_for_all(case, parts)
        case Not(inner):
            return open_for(case, inner)
        case Answered(question):
            return {question} | open_for_all(case, asked_when(case, question))
        case Ref(name):
            if name not in case.open:
                case.open[name] = open_for_all(case, read_through(case, name))
            return case.open[name]
        case Scored(score):
            lines = [each for each in case.kb.scores[score].lines if len(points_of(case, each)) > 1]
            asked = {each.question for each in lines if not isinstance(each, Points)}
            gates = [gate for question in asked for gate in asked_when(case, question)]
            parts = [each.when for each in lines if isinstance(each, Points)]
            return asked | open_for_all(case, [*parts, *gates])
    return set()


def open_for_all(case: Truths, parts: Iterable[Part]) -> set[str]:
    return {question for part in parts for question in open_for(case, part)}


def asked_when(case: Truths, question: str) -> list[Part]:
    return [case.kb.asked_when[question]] if question in case.kb.asked_when else []


def read_through(case: Truths, name: str) -> list[Part]:
    """The parts that stand behind a conclusion that is unknown."""
    kind, _, item = name.partition(":")
    if kind == "class":
        return [dict(case.kb.classes[item.partition(":")[0]].definitions())[name]]
    if kind != "advice":
        return [rule.when for rule in case.rules_behind(name)]
    return (behind_giving(case, item) if case.give(item) is None else []) + (
        behind_holding(case, item) if case.hold(item) is None else []
    )


def behind_giving(case: Truths, item: str) -> list[Part]:
    found = [rule.when for rule in giving(case.kb, frozenset([item]))]
    for host in case.hosts(item):
        if not host.startswith("advice:"):
            found.append(Ref(host))
        elif case.give(host.removeprefix("advice:")) is None:
            found += behind_giving(case, host.removeprefix("advice:"))
    return found


def behind_holding(case: Truths, item: str) -> list[Part]:
    return [case.kb.rules[id].when for id in case.hold_rules(item)]


def hangs_on(kb: KnowledgeBase, question: str) -> set[str]:
    """The questions that the `asked_when` of a question reads."""
    return questions_read(kb, kb.asked_when[question]) if question in kb.asked_when else set()


def questions_read(kb: KnowledgeBase, part: Part) -> set[str]:
    """The questions that a part reads, directly or through others, whatever the answers."""
    nobody = Truths(kb, {})
    found: set[str] = set()
    seen: list[Part] = []
    waiting = [part]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.append(each)
        match each:
            case All(parts) | AnyOf(parts) | Count(parts=parts):
                waiting += parts
            case Not(inner):
                waiting.append(inner)
            case Answered(question):
                found.add(question)
                waiting += asked_when(nobody, question)
            case Ref(name) if name.startswith("advice:"):
                item = name.removeprefix("advice:")
                rules = nobody.give_rules(item) + nobody.hold_rules(item)
                waiting += [kb.rules[id].when for id in rules]
                hosts = [host for each in (item, *nobody.all_host_items(item)) for host in nobody.hosts(each)]
                waiting += [Ref(host) for host in hosts if not host.startswith("advice:")]
            case Ref(name) if name.startswith("class:"):
                waiting += read_through(nobody, name)
            case Ref(name):
                waiting += [rule.when for rule in nobody.rules_behind(name)]
            case Scored(score):
                for line in kb.scores[score].lines:
                    if isinstance(line, Points):
                        waiting.append(line.when)
                    else:
                        found.add(line.question)
                        waiting += asked_when(nobody, line.question)
    return found


@lru_cache
def order_of_asking(kb: KnowledgeBase) -> list[str]:
    """The questionnaire, each question brought forward before those that hang on it."""
    order: list[str] = []

    def place(question: str) -> None:
        before = hangs_on(kb, question)
        for other in kb.questions:
            if other in before and other not in order:
                place(other)
        if question not in order:
            order.append(question)

    for question in kb.questions:
        place(question)
    return order


# The assessment


def values_of(case: Truths, classes: Classes) -> list[Fraction] | None:
    """The lowest and the highest value that decides a class; None while there is none, and empty if there
    can be none.
    """
    if classes.is_score:
        lines = [points_of(case, line) for line in case.kb.scores[classes.of].lines]
        return [Fraction(sum(map(end, lines))) * TICKS for end in (min, max)]
    if case.is_answered(classes.of):
        return [Fraction(str(case.answers[classes.of]))]
    return [] if case.value(f"asked:{classes.of}") is False else None


def classes_of(case: Truths, classes: Classes) -> set[str]:
    """The classes from that of the lowest value to that of the highest, all if nothing is known."""
    values = values_of(case, classes)
    names = [each.name for each in classes.classes]
    if values is None:
        return set(names)
    places = [
        next(
            at
            for at, each in enumerate(classes.classes)
            if each.end is None
            or value < Fraction(str(each.end))
            or (value == Fraction(str(each.end)) and not each.excludes)
        )
        for value in values
    ]
    return {name for at, name in enumerate(names) if places and min(places) <= at <= max(places)}


def class_of(case: Truths, classes: Classes) -> str | None:
    found = classes_of(case, classes)
    return found.pop() if len(found) == 1 else None


def assess(kb: KnowledgeBase, case: Case) -> dict[str, object]:
    """The assessment of a case, as `Assessment.to_dict` gives it, lists instead of tuples."""
    known = Truths(kb, dict(case.answers))
    fired = [id for id in kb.rules if known.rules[id] is True]
    urgency = triage(known) if kb.levels else None
    return {
        "format": "cartsign.assessment/1",
        "id": case.id,
        "kb": {"name": kb.name, "version": kb.version, "sha256": kb.sha256},
        "in_scope": holds(kb.scope.when, known) if kb.scope else None,
        "triage": urgency,
        "conditions": conditions(known),
        "findings": [name for name in kb.findings if known.value(f"finding:{name}")],
        "scores": {name: score_ends(known, score) for name, score in kb.scores.items()},
        **(
            {"classes": {name: class_of(known, each) for name, each in kb.classes.items()}}
            if kb.classes
            else {}
        ),
        "advice": advice(known),
        "texts": [name for name, text in kb.texts.items() if holds(text.shown_with, known)],
        **asking(known, urgency["level"] if urgency else None),
        "inconsistencies": inconsistencies(known),
        "disagreements": [name for name, entry in kb.disagreements.items() if holds(entry.when, known)],
        "fired": fired,
        "open": [id for id in kb.rules if known.rules[id] is None],
        "reasons": [
            {"rule": id, "because": kb.rules[id].because, "claims": list(kb.rules[id].claims)} for id in fired
        ],
    }


def levels_of(rule: Rule) -> set[str]:
    return {each.level for each in rule.then if isinstance(each, Triages)}


def triage(case: Truths) -> dict[str, object]:
    rules = [rule for rule in case.kb.rules.values() if levels_of(rule)]
    level, ceiling = reach(case, rules)
    sources = {
        source: [r for r in rules if source in {case.kb.claims[claim]["source"] for claim in r.claims}]
        for source in case.kb.sources
    }
    return {
        "level": level,
        "ceiling": ceiling,
        "settled": level == ceiling,
        "rules": [rule.id for rule in rules if case.rules[rule.id] and level in levels_of(rule)],
        "by_source": {
            source: dict(zip(("level", "ceiling"), reach(case, citing), strict=True))
            for source, citing in sources.items()
        },
    }


def reach(case: Truths, rules: Sequence[Rule]) -> tuple[str | None, str | None]:
    """The highest level that is established, and the highest that is not ruled out."""
    levels = list(case.kb.levels)
    established = [levels.index(each) for r in rules if case.rules[r.id] is True for each in levels_of(r)]
    possible = [levels.index(each) for r in rules if case.rules[r.id] is not False for each in levels_of(r)]
    return tuple(levels[max(found)] if found else None for found in (established, possible))


def conditions(case: Truths) -> list[dict[str, object]]:
    listed = []
    for at, (name, condition) in enumerate(case.kb.conditions.items()):
        grades = {
            grade: [rule.id for rule in concluding(case.kb, Suspects(name, grade))] for grade in SUPPORT
        }
        established = [g for g, ids in grades.items() if any(case.rules[id] is True for id in ids)]
        possible = [g for g, ids in grades.items() if any(case.rules[id] is not False for id in ids)]
        if not possible:
            continue
        against = [rule.id for rule in concluding(case.kb, CountsAgainst(name))]
        fired = [id for grade in reversed(SUPPORT) for id in grades[grade] if case.rules[id] is True]
        entry = {
            "name": name,
            "support": established[-1] if established else None,
            "could_reach": possible[-1],
            "serious": condition.serious,
            "against": [id for id in against if case.rules[id] is True],
            "rules": [id for at, id in enumerate(fired) if id not in fired[:at]],
        }
        strength = SUPPORT.index(entry["support"] or entry["could_reach"])
        rank = (
            not condition.serious,
            entry["support"] is None,
            -strength,
            len(entry["against"]),
            at,
        )
        listed.append((rank, entry))
    return [entry for _, entry in sorted(listed, key=lambda each: each[0])]


def advice(case: Truths) -> dict[str, object]:
    given, unless, pending = [], [], []
    held: dict[str, list[str]] = {id: [] for id in case.kb.rules}
    for item in case.kb.advice:
        give, hold = case.give(item), case.hold(item)
        rules = [id for id in case.give_rules(item) if case.rules[id] is True]
        if give is False:
            continue
        if hold is True:
            for id in case.hold_rules(item):
                if case.rules[id] is True:
                    held[id].append(item)
        elif give is True and hold is False:
            given.append({"item": item, "rules": rules})
        elif give is True:
            open_holds = [id for id in case.hold_rules(item) if case.rules[id] is None]
            unless.append({"item": item, "rules": rules, "unless": open_holds})
        else:
            behind = behind_giving(case, item) + (behind_holding(case, item) if hold is None else [])
            asked = open_for_all(case, behind)
            pending.append(
                {
                    "item": item,
                    "waits_for": ["give", "hold"] if hold is None else ["give"],
                    "questions": [question for question in order_of_asking(case.kb) if question in asked],
                }
            )
    groups = [{"rule": id, "items": items} for id, items in held.items() if items]
    return {"given": given, "given_unless": unless, "held": groups, "pending": pending}


def asking(case: Truths, level: str | None) -> dict[str, object]:
    """The questions to ask by the highest level above the established one that they are live for."""
    levels = list(case.kb.levels)
    established = levels.index(level) if level else -1
    rank: dict[str, int] = {}
    for rule in case.kb.rules.values():
        above = [levels.index(each) for each in levels_of(rule) if levels.index(each) > established]
        for question in open_for(case, rule.when):
            rank[question] = max(rank.get(question, -1), *above, -1)
    order = order_of_asking(case.kb)
    unknown = [q for q in order if q in rank and isinstance(case.answers.get(q), Unknown)]
    asked = [q for q in order if q in rank and q not in unknown and case.value(f"asked:{q}") is not False]
    return {"ask_next": sorted(asked, key=lambda each: -rank[each]), "kept_open_by": unknown}


def inconsistencies(case: Truths) -> list[dict[str, object]]:
    kb, found = case.kb, []
    for question in kb.asked_when:
        if case.applies[question] is False and case.is_answered(question):
            concerned = hangs_on(kb, question) | {question}
            found.append({"name": f"asked_when:{question}", "questions": concerned})
    for name, clash in kb.consistency.items():
        if holds(clash.when, case):
            found.append({"name": name, "questions": questions_read(kb, clash.when)})
    return [{**each, "questions": [q for q in kb.questions if q in each["questions"]]} for each in found]


# Properties


def keeps(each: Property, case: Truths, more: Truths) -> bool | None:
    """Whether a case, and the same case with more answers, keeps a property; None where it is silent."""
    may_be_asked = [question for question in each.unanswered if case.value(f"asked:{question}") is not False]
    if each.unanswered and all(case.is_answered(question) for question in may_be_asked):
        return None
    if holds(each.when, case) is not True:
        return None
    truth = holds(each.part, case)
    match each.verb:
        case "must":
            return truth is True
        case "never":
            return truth is not True
        case "not_ruled_out":
            return truth is not False
    return holds(each.part, more) is True if truth is True else None
