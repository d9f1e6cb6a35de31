"""From the truth columns to the lists of an assessment: what may stand in each, and when it does.

In: a prepared knowledge base. Out: for each list its slots in the order of the assessment, with what they
stand for. The same fields, names and order as `engine.assessment`; what only single cases carry (the
questions behind one pending item) is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from engine.plan.asking import Ranks
from engine.plan.listing import Listed
from engine.plan.reach import giving, rule
from engine.plan.slots import Slots
from engine.plan.truth import answered
from engine.valuation import Prepared


def listings(prepared: Prepared, ranks: Mapping[str, Ranks], flat: bool) -> Iterator[Listed]:
    """The lists of constants, each called like its field; `triage.rules` and `advice.pending` stand inside."""
    kb = prepared.kb
    for kind, names in (("finding", kb.findings), ("text", kb.texts), ("disagreement", kb.disagreements)):
        yield _chosen(f"{kind}s", {name: pl.col(f"{kind}:{name}") for name in names}, names)
    yield _chosen("triage.rules", giving(prepared), kb.rules)
    yield _chosen("open", {id: rule(id).is_null() for id in kb.rules}, kb.rules)
    yield _fired(prepared, flat)
    yield _pending(prepared, flat)
    yield _inconsistencies(prepared)
    yield _ask_next(prepared, ranks)
    kept = {name: pl.col(f"open:{name}>=0") & pl.col(f"{name}?") for name in prepared.ask_order if ranks[name]}
    yield _chosen("kept_open_by", kept, kb.questions)


def _chosen(name: str, truths: Mapping[str, pl.Expr], names: Iterable[str]) -> Listed:
    """The names that hold, of a type that knows all names."""
    values = pl.Series(list(truths), dtype=pl.Enum(list(names)))
    return Listed(Slots(name, tuple(truths.values())), {name: values})


def _fired(prepared: Prepared, flat: bool) -> Listed:
    """The columns `fired` and `reasons`: what rules fired, and why they say what they say."""
    rules = prepared.kb.rules
    ids = pl.Series(list(rules), dtype=pl.Enum(list(rules)))
    reasons = pl.DataFrame(
        {
            "rule": ids,
            "because": _of_names([each.because for each in rules.values()]),
            "claims": _of_lists([each.claims for each in rules.values()], prepared.kb.claims, flat),
        }
    )
    slots = Slots("fired", tuple(rule(id) for id in rules))
    return Listed(slots, {"fired": ids, "reasons": reasons.to_struct()})


def _pending(prepared: Prepared, flat: bool) -> Listed:
    """The items that nothing gives yet, and that nothing that fired holds back."""
    truths, items, waits = [], [], []
    for item in prepared.kb.advice:
        give, hold = pl.col(f"give:{item}"), pl.col(f"hold:{item}")
        truths += [give.is_null() & ~hold, give.is_null() & hold.is_null()]
        items += [item, item]
        waits += [["give"], ["give", "hold"]]
    names = pl.Series(items, dtype=pl.Enum(list(prepared.kb.advice)))
    values = pl.DataFrame({"item": names, "waits_for": _of_lists(waits, ["give", "hold"], flat)})
    return Listed(Slots("advice.pending", tuple(truths)), {"advice.pending": values.to_struct()})


def _inconsistencies(prepared: Prepared) -> Listed:
    """The clashes, and the questions concerned."""
    truths: dict[str, pl.Expr] = {}
    for name in prepared.clashing:
        kind, _, rest = name.partition(":")
        if kind == "asked":
            truths[f"asked_when:{rest}"] = ~pl.col(name) & answered(prepared.kb.questions[rest])
        else:
            truths[rest] = pl.col(name)
    questions = _of_lists(prepared.clashing.values(), prepared.kb.questions, False)
    values = pl.DataFrame({"name": _of_names(truths), "questions": questions})
    return Listed(Slots("inconsistencies", tuple(truths.values())), {"inconsistencies": values.to_struct()})


def _ask_next(prepared: Prepared, ranks: Mapping[str, Ranks]) -> Listed:
    """The open questions that were not answered "I don't know", the most urgent first."""
    slots = []
    for question, at in prepared.ask_order.items():
        own = ranks[question]
        for rank, higher in zip(own, [*own[1:], None], strict=False):
            is_open = pl.col(f"open:{question}>={rank}") & ~pl.col(f"{question}?")
            truth = is_open & ~pl.col(f"open:{question}>={higher}") if higher is not None else is_open
            slots.append((-rank, at, question, truth))
    slots.sort(key=lambda slot: slot[:2])
    values = pl.Series([question for _, _, question, _ in slots], dtype=pl.Enum(list(prepared.kb.questions)))
    return Listed(Slots("ask_next", tuple(truth for *_, truth in slots)), {"ask_next": values})


def _of_names(values: Iterable[str]) -> pl.Series:
    """Each value, of a type that knows them all."""
    each = list(values)
    return pl.Series(each, dtype=pl.Enum(list(dict.fromkeys(each))))


def _of_lists(values: Iterable[Sequence[str]], names: Iterable[str], flat: bool) -> pl.Series:
    """Lists of names, of a type that knows them all; flat, they are texts with `;` between the names."""
    if flat:
        return _of_names([";".join(each) for each in values])
    texts = pl.Series([list(each) for each in values], dtype=pl.List(pl.String))
    return texts.cast(pl.List(pl.Enum(list(names))))
