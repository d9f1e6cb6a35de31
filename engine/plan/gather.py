"""From the truth columns to the fields of an assessment, one column a field.

The same fields, names and order as `engine.assessment`, as structs and lists; what only single cases carry
(the questions behind one pending item) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from engine.assembly import citing
from engine.model import SUPPORT, KnowledgeBase
from engine.plan.truth import answered
from engine.scores import TICKS
from engine.valuation import Prepared

NAMES = pl.List(pl.String)
PENDING = pl.Struct({"item": pl.String, "waits_for": NAMES})
INCONSISTENCY = pl.Struct({"name": pl.String, "questions": NAMES})
REASON = pl.Struct({"rule": pl.String, "because": pl.String, "claims": NAMES})


def establishing(prepared: Prepared) -> list[pl.Expr]:
    """The column `level:established`: the place of the highest level with a fired rule, -1 for none."""
    places = [pl.lit(-1, dtype=pl.Int16)]
    for at, ids in enumerate(_by_level(prepared).values()):
        places += [pl.when(rule(id)).then(pl.lit(at, dtype=pl.Int16)) for id in ids]
    return [pl.max_horizontal(places).alias("level:established")]


def fields(prepared: Prepared) -> list[pl.Expr]:
    """The columns of the assessment, `ask_next` and `kept_open_by` excepted."""
    kb = prepared.kb
    return [
        pl.col("id"),
        (pl.col("scope") if kb.scope else pl.lit(None, dtype=pl.Boolean)).alias("in_scope"),
        (_triage(prepared) if kb.levels else pl.lit(None)).alias("triage"),
        _conditions(prepared).alias("conditions"),
        _true("finding", kb.findings).alias("findings"),
        _scores(kb).alias("scores"),
        _advice(prepared).alias("advice"),
        _true("text", kb.texts).alias("texts"),
        _inconsistencies(prepared).alias("inconsistencies"),
        _true("disagreement", kb.disagreements).alias("disagreements"),
        where({id: rule(id) for id in kb.rules}).alias("fired"),
        where({id: rule(id).is_null() for id in kb.rules}).alias("open"),
        _reasons(kb).alias("reasons"),
    ]


def rule(id: str) -> pl.Expr:
    """The truth of a rule."""
    return pl.col(f"rule:{id}")


def where(names: Mapping[str, pl.Expr]) -> pl.Expr:
    """The names whose expression is true, as a list."""
    return fixed([(truth, name) for name, truth in names.items()], pl.String())


def fixed(entries: Sequence[tuple[pl.Expr, object]], dtype: pl.DataType) -> pl.Expr:
    """The values whose expression is true, as a list: numbers first, looked up in one table at the end."""
    if not entries:
        return pl.lit([], dtype=pl.List(dtype))
    codes = [pl.when(truth).then(pl.lit(at, dtype=pl.UInt32)) for at, (truth, _) in enumerate(entries)]
    table = pl.Series([value for _, value in entries], dtype=dtype)
    return listed(codes).list.eval(pl.lit(table).gather(pl.element()))


def structs(entries: Sequence[tuple[pl.Expr, Mapping[str, pl.Expr]]]) -> pl.Expr:
    """The structs whose expression is true, as a list."""
    if not entries:
        return pl.lit([], dtype=pl.List(pl.Null))
    built = [(truth, [each.alias(name) for name, each in values.items()]) for truth, values in entries]
    return listed([pl.when(truth).then(pl.struct(values)) for truth, values in built])


def listed(values: Sequence[pl.Expr]) -> pl.Expr:
    """The values that are not null, as a list; an array first, which Polars builds many times faster."""
    return pl.concat_arr(values).arr.to_list().list.drop_nulls()


def words(names: Iterable[str]) -> pl.Expr:
    """The same list of names in every row."""
    return pl.lit(list(names), dtype=NAMES)


def fired(ids: Iterable[str]) -> pl.Expr:
    """The rules that fired, as a list."""
    return where({id: rule(id) for id in ids})


def _true(kind: str, names: Iterable[str]) -> pl.Expr:
    return where({name: pl.col(f"{kind}:{name}") for name in names})


def _by_level(prepared: Prepared) -> dict[str, list[str]]:
    return {level: prepared.rules_for.get(f"triage:{level}", []) for level in prepared.kb.levels}


def _reach(by_name: Mapping[str, list[str]]) -> tuple[pl.Expr, pl.Expr]:
    """The last name with a rule that fired, and the last with a rule not blocked."""

    def highest(holds: Callable[[str], pl.Expr]) -> pl.Expr:
        reached = [
            pl.when(pl.any_horizontal([holds(id) for id in ids])).then(pl.lit(name))
            for name, ids in reversed(list(by_name.items()))
            if ids
        ]
        return pl.coalesce([*reached, pl.lit(None, dtype=pl.String)])

    return highest(rule), highest(lambda id: rule(id).fill_null(True))


def _triage(prepared: Prepared) -> pl.Expr:
    kb, by_level = prepared.kb, _by_level(prepared)
    level, ceiling = _reach(by_level)
    by_source = {source: _reach(citing(kb, by_level, source)) for source in kb.sources}
    levels_of: dict[str, list[int]] = {}
    for at, ids in enumerate(by_level.values()):
        for id in ids:
            levels_of.setdefault(id, []).append(at)
    at_level = {
        id: rule(id) & pl.col("level:established").is_in(levels_of[id]) for id in kb.rules if id in levels_of
    }
    sources = {source: pl.struct(level=low, ceiling=high) for source, (low, high) in by_source.items()}
    return pl.struct(
        level=level,
        ceiling=ceiling,
        settled=level.eq_missing(ceiling),
        rules=where(at_level),
        by_source=pl.struct([each.alias(name) for name, each in sources.items()])
        if sources
        else pl.lit(None),
    )


def _conditions(prepared: Prepared) -> pl.Expr:
    """The conditions not ruled out, ranked: their places are sorted by a key, and then looked up."""
    if not prepared.kb.conditions:
        return pl.lit([], dtype=pl.List(pl.Null))
    most = 1 + max(len(each) for key, each in prepared.rules_for.items() if key.startswith("condition:"))
    entries, keys = zip(
        *(_condition(name, at, most, prepared) for at, name in enumerate(prepared.kb.conditions)), strict=True
    )
    places = listed(keys).list.sort().list.eval(pl.element() % len(keys))
    return pl.concat_arr(entries).arr.to_list().list.gather(places)


def _condition(name: str, at: int, most: int, prepared: Prepared) -> tuple[pl.Expr, pl.Expr]:
    """The struct of a condition, and the key that ranks it, null where it is ruled out."""
    kb, rules_for = prepared.kb, prepared.rules_for
    by_support: dict[str, list[str]] = {
        grade: rules_for.get(f"condition:{name}:{grade}", []) for grade in SUPPORT
    }
    support, could_reach = _reach(by_support)
    opposed = rules_for.get(f"condition:{name}:against", [])
    against = fired(opposed)
    ids = dict.fromkeys(id for each in reversed(list(by_support.values())) for id in each)
    serious = kb.conditions[name].serious
    entry = pl.struct(
        name=pl.lit(name),
        support=support,
        could_reach=could_reach,
        serious=pl.lit(serious),
        against=against,
        rules=fired(ids),
    )
    weakness = pl.coalesce(
        pl.when(pl.coalesce(support, could_reach) == grade).then(pl.lit(len(SUPPORT) - place, dtype=pl.Int64))
        for place, grade in enumerate(SUPPORT)
    )
    rank = support.is_null().cast(pl.Int64) + (0 if serious else 2)
    opposing = against.list.len().cast(pl.Int64) if opposed else 0
    key = ((rank * 8 + weakness) * most + opposing) * len(kb.conditions) + at
    return entry, key


def _scores(kb: KnowledgeBase) -> pl.Expr:
    ends = {
        name: pl.struct(
            low=_in_points(pl.col(f"score:{name}:low")),
            high=_in_points(pl.col(f"score:{name}:high")),
        )
        for name in kb.scores
    }
    return pl.struct([each.alias(name) for name, each in ends.items()]) if ends else pl.lit(None)


def _in_points(ticks: pl.Expr) -> pl.Expr:
    # Polars multiplies by the inverse of a constant, which is one bit off for many quotients.
    return (ticks / TICKS).round(9)


def _advice(prepared: Prepared) -> pl.Expr:
    given, unless, pending = [], [], []
    held: dict[str, dict[str, pl.Expr]] = {}
    for item in prepared.kb.advice:
        give, hold = pl.col(f"give:{item}"), pl.col(f"hold:{item}")
        gives, holds = (prepared.advising[f"{kind}:{item}"] for kind in ("give", "hold"))
        is_alone = len(gives) == 1 and prepared.kb.advice[item].shown_with is None
        rules = words(gives) if is_alone else fired(gives)
        given.append((give & ~hold, {"item": pl.lit(item), "rules": rules}))
        still_open = where({id: rule(id).is_null() for id in holds})
        unless.append((give & hold.is_null(), {"item": pl.lit(item), "rules": rules, "unless": still_open}))
        pending.append((give.is_null() & ~hold, {"item": item, "waits_for": ["give"]}))
        pending.append((give.is_null() & hold.is_null(), {"item": item, "waits_for": ["give", "hold"]}))
        for id in holds:
            held.setdefault(id, {})[item] = give.fill_null(True) & rule(id)
    grouped = [
        (pl.any_horizontal(held[id].values()), {"rule": pl.lit(id), "items": where(held[id])})
        for id in prepared.kb.rules
        if id in held
    ]
    return pl.struct(
        given=structs(given),
        given_unless=structs(unless),
        held=structs(grouped),
        pending=fixed(pending, PENDING),
    )


def _inconsistencies(prepared: Prepared) -> pl.Expr:
    entries = []
    for name, questions in prepared.clashing.items():
        kind, _, rest = name.partition(":")
        if kind == "asked":
            clashes = ~pl.col(name) & answered(prepared.kb.questions[rest])
            entries.append((clashes, {"name": f"asked_when:{rest}", "questions": list(questions)}))
        else:
            entries.append((pl.col(name), {"name": rest, "questions": list(questions)}))
    return fixed(entries, INCONSISTENCY)


def _reasons(kb: KnowledgeBase) -> pl.Expr:
    entries = [
        (rule(id), {"rule": id, "because": each.because, "claims": list(each.claims)})
        for id, each in kb.rules.items()
    ]
    return fixed(entries, REASON)
