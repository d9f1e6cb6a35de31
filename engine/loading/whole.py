"""Problems that only the whole knowledge base shows: cycles, unreached names, triage rules that cite two
articles, names of both a claim and an article, scores out of range.

In: a knowledge base, with stand-ins where something was wrong, and the reader that made it. Possible
consequences of a problem that was already noted are not reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from engine.loading.cycles import cycles
from engine.loading.numbers import plain
from engine.loading.reader import Reader
from engine.meaning.definitions import conclusions, hosts, parts_of, with_properties
from engine.meaning.holds import line_range, score_range
from engine.model.classes import Classes
from engine.model.knowledge_base import SUPPORT, KnowledgeBase, Triages
from engine.model.names import kind_of, name_of, parsed, without_support
from engine.model.parts import Part, Ref, Scored
from engine.model.scores import TICKS, Points, decimals_of, points, unit_of
from facts.problem import Problem, quote, quoted
from facts.vocabulary import Number

MAX_STEPS = 2**51
"""Maximum sum of a score in units of its last decimal. Up to here, columns give the same float as Python."""


def whole(kb: KnowledgeBase, reader: Reader) -> None:
    """Note all problems of the whole knowledge base."""
    named = with_properties(kb)
    problems = [*cycles(kb, named, reader.names), *_two_articles(kb), *_two_meanings(reader)]
    if "rules" not in reader.unsure:
        rules = conclusions(kb)
        problems += [*_unreached(kb, rules, reader), *_unreached_support(kb, named, rules)]
    if not any(problem.code == "cycle" for problem in problems):
        problems += [*_classes(kb, reader), *_scores(kb, named, reader)]
    for problem in problems:
        reader.note(problem)


def _unreached(kb: KnowledgeBase, rules: Mapping[str, list[str]], reader: Reader) -> Iterator[Problem]:
    """Findings, conditions, levels and items that no rule concludes."""
    reached = {without_support(key) for key in rules if parsed(key).support != "against"}
    reached |= {name_of("give", name) for name, item in kb.advice.items() if hosts(item.shown_with)}
    wanted = (
        ("findings", "finding", "concludes finding", "write a rule that concludes it, or remove it"),
        ("conditions", "condition", "supports condition", "write a rule that gives it support, or remove it"),
        ("triage", "triage", "concludes level", "write a rule that concludes it, or remove it"),
        ("advice", "give", "gives advice", "write a rule that gives it, add `shown_with`, or remove it"),
    )
    for section, kind, what, help in wanted:
        for name, span in reader.names.get(section, {}).items():
            if name_of(kind, name) not in reached and (section, name) not in reader.unsound:
                yield Problem("unreached", f"no rule {what} {quote(name)}", span, help)


def _unreached_support(
    kb: KnowledgeBase, named: Mapping[str, Part], rules: Mapping[str, list[str]]
) -> Iterator[Problem]:
    """Parts that ask for more support of a condition than any rule gives."""
    given: dict[str, int] = {}
    for key in rules:
        kind, name, support = parsed(key)
        if kind == "condition" and support in SUPPORT:
            given[name] = max(given.get(name, 0), SUPPORT.index(support))
    for part in _parts(kb, named):
        if isinstance(part, Ref) and kind_of(part.name) == "condition" and part.span.line:
            _, name, support = parsed(part.name)
            strongest = given.get(name, len(SUPPORT))
            if SUPPORT.index(support) > strongest:
                message = f"no rule concludes condition {quote(name)} with support `{support}` or stronger"
                help = f"ask for `{{{name}: {SUPPORT[strongest]}}}`, the strongest that a rule gives"
                yield Problem("unreached", message, part.span, help)


def _parts(kb: KnowledgeBase, named: Mapping[str, Part]) -> Iterator[Part]:
    """Every part of every definition and score."""
    for part in named.values():
        yield from parts_of(part)
    for score in kb.scores.values():
        for line in score.lines:
            if isinstance(line, Points):
                yield from parts_of(line.when)


def _two_articles(kb: KnowledgeBase) -> Iterator[Problem]:
    for rule in kb.rules.values():
        sources = sorted({kb.source_of(claim) for claim in rule.claims} - {""})
        if len(sources) > 1 and any(isinstance(each, Triages) for each in rule.then):
            message = f"triage rule {quote(rule.id)} cites {len(sources)} articles, {quoted(sources)}"
            help = "write one rule for each article, so that each article's level can be shown"
            yield Problem("two-articles", message, rule.span, help)


def _two_meanings(reader: Reader) -> Iterator[Problem]:
    """Claims that have the same name as an article; `cartsign claims NAME` takes either."""
    articles = reader.names.get("sources", {})
    for name, span in reader.names.get("claims", {}).items():
        if name in articles:
            message = f"{quote(name)} names both a claim and an article"
            yield Problem("two-meanings", message, span, "rename one of the two", articles[name])


def _classes(kb: KnowledgeBase, reader: Reader) -> Iterator[Problem]:
    """Classes that no sum of a score, or no answer to a question, is in."""
    for name, classes in kb.classes.items():
        section, what = (
            ("scores", "sum of score") if classes.is_score else ("questions", "answer to question")
        )
        if {(section, name), ("classes", name)} & reader.unsound:
            continue
        low, high, step = _range_of(classes, kb)
        for each in classes.unreachable(low, high, step):
            reader.unsound.add((section, name))
            message = f"no {what} {quote(name)} is in class {quote(each.name)}"
            unit = TICKS if classes.is_score else 1
            ends = f"{plain(low / unit)} to {plain(high / unit)}"
            help = f"the {section.removesuffix('s')} goes from {ends}: change the ends, or remove the class"
            yield Problem("unreached", message, each.span, help)


def _range_of(classes: Classes, kb: KnowledgeBase) -> tuple[Decimal, Decimal, Decimal]:
    """The lowest and the highest value that has a class, and the smallest step between two."""
    if classes.is_score:
        score = kb.scores[classes.of]
        low, high = score_range(score)
        return Decimal(low), Decimal(high), Decimal(unit_of(score))
    kind = kb.questions[classes.of].kind
    assert isinstance(kind, Number)
    step = Decimal(1).scaleb(-kind.decimals)
    return Decimal(str(kind.minimum)), Decimal(str(kind.maximum)), step


def _scores(kb: KnowledgeBase, named: Mapping[str, Part], reader: Reader) -> Iterator[Problem]:
    """Scores that can grow too large, and bounds that no sum can reach."""
    reach = {
        name: score_range(score)
        for name, score in kb.scores.items()
        if ("scores", name) not in reader.unsound
    }
    for name in reach:
        score = kb.scores[name]
        most = MAX_STEPS // 10 ** decimals_of(score)
        if sum(max(map(abs, line_range(line))) for line in score.lines) > most * TICKS:
            message = f"score {quote(name)} can exceed {most} points"
            help = "use smaller points or ranges, or fewer decimals"
            yield Problem("number-range", message, score.span, help)
    read = {name: part for name, part in named.items() if kind_of(name) != "class"}
    for part in _parts(kb, read):
        if isinstance(part, Scored) and part.score in reach:
            low, high = reach[part.score]
            threshold = int(part.bound.threshold)
            if not low <= threshold <= high:
                message = (
                    f"`{points(threshold)}` is out of range:"
                    f" score {quote(part.score)} goes from {points(low)} to {points(high)}"
                )
                yield Problem("threshold-range", message, part.span, earlier=kb.scores[part.score].span)
