"""The rules as one query of SQL: a subquery a stratum, which adds nullable Booleans to the one before.

`AND`, `OR` and `NOT` of SQL are Kleene already. The query is standard but for its quoted names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from engine.meaning.holds import possible
from engine.meaning.network import Compare, Gate, Keeps, Literal, Total
from engine.model.parts import Bound, ChosenBound, Is, NoneOf, OneOf, Test
from engine.model.scores import TICKS, Bands, Line, Points, PointsByOption, Times
from facts.tables.frame import columns_of
from facts.vocabulary import Choices

from .work import SIGNS, Work


def query(work: Work, with_rules: bool) -> str:
    """The wide columns of the cases in the table `cases`, with the truth of every rule or without."""
    layers, before = [], "cases"
    for at, stratum in enumerate(work.net.strata):
        added = ", ".join(column for name in stratum for column in _columns(name, work))
        layers.append(f"s{at} AS (SELECT *, {added} FROM {before})")
        before = f"s{at}"
    rules = [_name(rule) for rule in work.rules] if with_rules else []
    layers.append(f"found AS (SELECT {', '.join([*rules, *_wide(work)])} FROM {before})")
    settled = ', "level" IS NOT DISTINCT FROM "ceiling" AS "settled"' if work.kb.levels else ""
    return f"WITH {', '.join(layers)} SELECT *{settled} FROM found"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


def _columns(name: str, work: Work) -> Iterator[str]:
    node = work.net.nodes[name]
    match node:
        case Compare(question, test, asked):
            tested = _test(question, test, work)
            value = (
                tested
                if asked is None
                else f"COALESCE({tested}, CASE WHEN NOT {_name(asked)} THEN FALSE END)"
            )
            yield f"{value} AS {_name(name)}"
        case Gate():
            yield f"{_gate(node)} AS {_name(name)}"
        case Total():
            lines = [_line(*each) for each in zip(node.score.lines, node.lines, node.asked, strict=True)]
            for end, values in zip(("low", "high"), zip(*lines, strict=True), strict=True):
                yield f"{' + '.join(values)} AS {_name(f'{name}:{end}')}"
        case Keeps(total, bound):
            yield f"{_kept(bound, _name(f'{total}:low'), _name(f'{total}:high'))} AS {_name(name)}"
        case _:
            assert_never(node)


def _literal(literal: Literal) -> str:
    return _name(literal.node) if literal.positive else f"(NOT {_name(literal.node)})"


def _gate(node: Gate) -> str:
    values = [_literal(each) for each in node.literals]
    if not values:
        return "TRUE" if node.count == 0 else "FALSE"
    if node.is_all or node.is_any:
        return (" AND " if node.is_all else " OR ").join(values)
    true, open_ = _counts(values)
    return f"CASE WHEN {true} >= {node.count} THEN TRUE WHEN {true} + {open_} < {node.count} THEN FALSE END"


def _counts(values: list[str]) -> tuple[str, str]:
    """How many are true, and how many are unknown."""
    return tuple(
        "(" + " + ".join(f"CASE WHEN {each}{how} THEN 1 ELSE 0 END" for each in values) + ")"
        for how in ("", " IS NULL")
    )


def _kept(bound: Bound, low: str, high: str) -> str:
    at_low, at_high = (f"{end} {SIGNS[bound.comparison]} {bound.threshold}" for end in (low, high))
    return f"CASE WHEN ({at_low}) = ({at_high}) THEN {at_low} END"


def _test(question: str, test: Test, work: Work) -> str:
    column = _name(question)
    match test:
        case Is(value):
            return column if value else f"NOT {column}"
        case OneOf(options):
            if isinstance(work.kb.questions[question].kind, Choices):
                return f"({' OR '.join(_options(question, options))})"
            return f"{column} IN ({', '.join(map(_text, options))})"
        case NoneOf(options):
            return f"NOT ({' OR '.join(_options(question, options))})"
        case Bound(comparison, threshold):
            return f"{column} {SIGNS[comparison]} {threshold}"
        case ChosenBound(bound, options):
            chosen = _options(question, options)
            true, open_ = _counts(chosen)
            return f"CASE WHEN {_any_known(chosen)} THEN {_kept(bound, true, f'({true} + {open_})')} END"
        case _:
            assert_never(test)


def _options(question: str, options: Iterable[str]) -> list[str]:
    return [_name(f"{question}.{option}") for option in options]


def _any_known(columns: Iterable[str]) -> str:
    return " OR ".join(f"{column} IS NOT NULL" for column in columns)


def _line(line: Line, literal: Literal | None, asked: str | None) -> list[str]:
    """The lowest and the highest that a line of a score counts, in ticks."""
    if isinstance(line, Points):
        assert literal is not None
        return [_by_truth(_literal(literal), end(0, line.ticks), line.ticks) for end in (min, max)]
    reach = possible(line)
    if asked is None:
        return [f"COALESCE({_exact(line)}, {_ticks(end(reach))})" for end in (min, max)]
    open_ = [_by_truth(_name(asked), end(0, *reach), end(reach)) for end in (min, max)]
    return [f"COALESCE({_exact(line)}, {each})" for each in open_]


def _by_truth(value: str, unknown: int, true: int) -> str:
    known = f"WHEN {value} THEN {_ticks(true)} WHEN NOT {value} THEN {_ticks(0)}"
    return f"CASE {known} ELSE {_ticks(unknown)} END"


def _ticks(value: int) -> str:
    """A number that what it is added to cannot push out of its type."""
    return f"CAST({value} AS BIGINT)"


def _exact(line: PointsByOption | Times | Bands) -> str:
    answer = _name(line.question)
    match line:
        case PointsByOption(_, ticks):
            listed = "".join(
                f" WHEN {answer} = {_text(each)} THEN {_ticks(counted)}" for each, counted in ticks.items()
            )
            return f"CASE{listed} WHEN {answer} IS NOT NULL THEN {_ticks(0)} END"
        case Times(_, ticks, decimals):
            return f"CAST(ROUND({answer} * {10**decimals}) AS BIGINT) * {_ticks(ticks)}"
        case Bands(_, bands):
            below = "".join(
                f" WHEN {answer} < {end} THEN {_ticks(counted)}" for end, counted in bands if end is not None
            )
            return f"CASE{below} WHEN {answer} IS NOT NULL THEN {_ticks(bands[-1][1])} END"
        case _:
            assert_never(line)


def _wide(work: Work) -> Iterator[str]:
    kb = work.kb
    yield '"id"'
    if kb.scope:
        yield '"scope" AS "in_scope"'
    if kb.levels:
        yield f'{_highest(work.grades["level"], "FALSE")} AS "level"'
        yield f'{_highest(work.grades["level"], "TRUE")} AS "ceiling"'
    yield f'COALESCE({" OR ".join([*_clashes(work), "FALSE"])}, FALSE) AS "inconsistent"'
    for column, grades in work.grades.items():
        if column != "level":
            yield f"{_highest(grades, 'FALSE')} AS {_name(column)}"
    yield from (f"{_name(f'finding:{name}')} AS {_name(f'finding.{name}')}" for name in kb.findings)
    for name in kb.scores:
        for end in ("low", "high"):
            points = f"ROUND(CAST({_name(f'score:{name}:{end}')} AS DOUBLE) / {TICKS}, 12)"
            yield f"{points} AS {_name(f'score.{name}.{end}')}"


def _highest(grades: Mapping[str, list[str]], open_counts: str) -> str:
    """The highest grade with a rule that is true, open rules counting as said."""
    reached = [
        f"WHEN {' OR '.join(f'COALESCE({_name(rule)}, {open_counts})' for rule in rules)} THEN {_text(grade)}"
        for grade, rules in reversed(grades.items())
        if rules
    ]
    return f"CASE {' '.join(reached)} END" if reached else "CAST(NULL AS VARCHAR)"


def _clashes(work: Work) -> Iterator[str]:
    yield from (_name(f"inconsistency:{name}") for name in work.kb.consistency)
    for name in work.kb.asked_when:
        known = _any_known(map(_name, columns_of(work.kb.questions[name])))
        yield f"(NOT {_name(f'asked:{name}')} AND ({known}))"
