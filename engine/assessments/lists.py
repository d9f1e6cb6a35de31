"""The lists of an assessment: what each can contain, and the truth column that says when.

In: a prepared knowledge base. Out: for fields that list names, the truth of each name; for other lists, their
slots in the order of the assessment, with the value of each slot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from engine.assessments.slots import Listed, Slots, names_of
from engine.columns.held import clashes, rule
from engine.columns.liveness import Ranks
from engine.meaning.valuation import Prepared
from engine.model.names import name_of

Truths = Mapping[str, pl.Expr]


def truths(prepared: Prepared) -> dict[str, Truths]:
    """For each field that lists names, the truth of each name; null counts as false."""
    kb = prepared.kb
    kinds = {"findings": kb.findings, "texts": kb.texts, "disagreements": kb.disagreements}
    found: dict[str, Truths] = {
        field: {name: pl.col(f"{field.removesuffix('s')}:{name}") for name in names}
        for field, names in kinds.items()
    }
    return found | {"open": {id: rule(id).is_null() for id in kb.rules}}


def chosen(name: str, truths: Truths, names: Iterable[str]) -> Listed:
    """The names that hold, as an `Enum` of `names`."""
    values = pl.Series(list(truths), dtype=pl.Enum(list(names)))
    return Listed(Slots(name, tuple(truths.values())), {name: values})


def fired(prepared: Prepared) -> Listed:
    """The columns `fired` and `reasons`: the rules that fired, and the reason and claims of each."""
    rules = prepared.kb.rules
    ids = pl.Series(list(rules), dtype=pl.Enum(list(rules)))
    claims = _of_lists([each.claims for each in rules.values()], prepared.kb.claims)
    because = names_of(each.because for each in rules.values())
    values = pl.DataFrame({"rule": ids, "because": because, "claims": claims}).to_struct()
    return Listed(_fired(prepared), {"fired": ids, "reasons": values})


def reasons(prepared: Prepared) -> Listed:
    """The column `reasons` for files, with the claims joined by `;`."""
    rules = prepared.kb.rules
    ids = pl.Series(list(rules), dtype=pl.Enum(list(rules)))
    because = names_of(each.because for each in rules.values())
    claims = names_of(";".join(each.claims) for each in rules.values())
    values = pl.DataFrame({"rule": ids, "because": because, "claims": claims}).to_struct()
    return Listed(_fired(prepared), {"reasons": values})


def _fired(prepared: Prepared) -> Slots:
    return Slots("fired", tuple(rule(id) for id in prepared.kb.rules))


def inconsistencies(prepared: Prepared) -> Listed:
    """The clashes, with the questions concerned."""
    found = clashes(prepared)
    questions = _of_lists(prepared.clashing.values(), prepared.kb.questions)
    values = pl.DataFrame({"name": names_of(found), "questions": questions}).to_struct()
    return Listed(Slots("inconsistencies", tuple(found.values())), {"inconsistencies": values})


def pending(prepared: Prepared) -> Listed:
    """The items that are neither given nor held so far, with the reasons to wait."""
    truths, items, waits = [], [], []
    for item in prepared.kb.advice:
        give, hold = pl.col(name_of("give", item)), pl.col(name_of("hold", item))
        truths += [give.is_null() & ~hold, give.is_null() & hold.is_null()]
        items += [item, item]
        waits += [["give"], ["give", "hold"]]
    names = pl.Series(items, dtype=pl.Enum(list(prepared.kb.advice)))
    values = pl.DataFrame({"item": names, "waits_for": _of_lists(waits, ["give", "hold"])}).to_struct()
    return Listed(Slots("advice.pending", tuple(truths)), {"advice.pending": values})


def ask_next(prepared: Prepared, ranks: Mapping[str, Ranks]) -> Listed:
    """The open questions that were not answered "I don't know", most urgent first.

    There is a slot for each question and each rank that it can have.
    """
    slots = []
    for question, at in prepared.ask_order.items():
        own = ranks[question]
        for rank, higher in zip(own, [*own[1:], None], strict=False):
            truth = pl.col(f"open:{question}>={rank}") & ~pl.col(f"{question}?")
            truth = truth if higher is None else truth & ~pl.col(f"open:{question}>={higher}")
            slots.append(((-rank, at), question, truth))
    slots.sort(key=lambda slot: slot[0])
    values = pl.Series([question for _, question, _ in slots], dtype=pl.Enum(list(prepared.kb.questions)))
    return Listed(Slots("ask_next", tuple(truth for *_, truth in slots)), {"ask_next": values})


def kept_open_by(prepared: Prepared, ranks: Mapping[str, Ranks]) -> Listed:
    """The open questions that were answered "I don't know", in the order of asking."""
    open_ = [question for question in prepared.ask_order if ranks[question]]
    kept = {question: pl.col(f"open:{question}>=0") & pl.col(f"{question}?") for question in open_}
    return chosen("kept_open_by", kept, prepared.kb.questions)


def _of_lists(values: Iterable[Sequence[str]], names: Iterable[str]) -> pl.Series:
    """Lists of names, as lists of an `Enum`."""
    texts = pl.Series([list(each) for each in values], dtype=pl.List(pl.String))
    found: pl.Series = texts.cast(pl.List(pl.Enum(list(names))))
    return found
