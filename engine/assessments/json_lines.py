"""The complete assessment as a line of JSON: the bytes of `Assessment.to_json`, concatenated from pieces.

In: a network and its knowledge base. Out: a shape with the columns `line`, `level` and `settled`. Everything
that can be in a list is converted to JSON once, when the plan is made; a line only selects and joins these
pieces. The questions of a pending item are left out, as in every shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from engine.assessments.nested import Nested
from engine.assessments.published import full
from engine.assessments.shape import INSIDE, OPTIONAL, ORDER, Shape
from engine.assessments.slots import Listed, names_of
from engine.meaning.network import Network
from engine.meaning.valuation import Prepared
from engine.model.assessment import FORMAT, as_json
from engine.model.knowledge_base import identity

WHOLE_POINTS = r"(:-?\d+)\.0([,}])"
Piece = str | pl.Expr


def written(net: Network, prepared: Prepared) -> Shape:
    """The shape of lines of JSON."""
    whole = full(net, prepared)
    lists = tuple(map(_in_words, whole.lists))
    fields: dict[str, Iterable[Piece]] = dict(_alone(prepared))
    fields |= {name: pieces for each in lists for name, pieces in _texts(each)}
    line = _together(_line(fields, prepared)).alias("line")
    triage = {
        field: pl.col(f"triage.{field}") if prepared.kb.levels else pl.lit(None)
        for field in ("level", "settled")
    }
    return replace(whole, lists=lists, fields=(line, *(each.alias(field) for field, each in triage.items())))


def _line(fields: Mapping[str, Iterable[Piece]], prepared: Prepared) -> Iterator[Piece]:
    """The pieces of a line, in order."""
    yield f'{{"format":{as_json(FORMAT)},"id":'
    yield from fields["id"]
    yield f',"kb":{as_json(identity(prepared.kb))}'
    for field in ORDER[1:]:
        if field in OPTIONAL and field not in fields:
            continue
        yield f',"{field}":'
        inside = {
            name: fields[f"{field}.{name}"] for name in INSIDE.get(field, ()) if f"{field}.{name}" in fields
        }
        yield from _object(inside) if inside else fields.get(field, ["null"])
    yield "}"


def _alone(prepared: Prepared) -> Iterator[tuple[str, Iterable[Piece]]]:
    """The pieces of the fields that are not lists."""
    kb = prepared.kb
    yield "id", [pl.struct("id").struct.json_encode().str.strip_prefix('{"id":').str.strip_suffix("}")]
    yield "in_scope", [pl.col("in_scope").cast(pl.String).fill_null("null")]
    points = pl.col("scores").struct.json_encode().str.replace_all(WHOLE_POINTS, "$1$2")
    yield "scores", [points if kb.scores else "{}"]
    if kb.classes:
        classes = pl.col("classes").struct
        yield "classes", _object({name: [_level(classes.field(name))] for name in kb.classes})
    if kb.levels:
        yield "triage.level", [_level(pl.col("triage.level"))]
        yield "triage.ceiling", [_level(pl.col("triage.ceiling"))]
        yield "triage.settled", [pl.col("triage.settled").cast(pl.String)]
        by_source = pl.col("triage.by_source").struct
        yield "triage.by_source", _object({source: _reach(by_source.field(source)) for source in kb.sources})


def _reach(reach: pl.Expr) -> list[Piece]:
    return [*_object({end: [_level(reach.struct.field(end))] for end in ("level", "ceiling")})]


def _level(level: pl.Expr) -> pl.Expr:
    return _together(['"', level.cast(pl.String), '"']).fill_null("null")


def _object(fields: Mapping[str, Iterable[Piece]]) -> Iterator[Piece]:
    """The pieces of a JSON object with these fields."""
    for at, (name, pieces) in enumerate(fields.items()):
        yield f"{',' if at else '{'}{as_json(name)}:"
        yield from pieces
    yield "}" if fields else "{}"


def _together(pieces: Iterable[Piece]) -> pl.Expr:
    return pl.concat_str([pl.lit(each) if isinstance(each, str) else each for each in pieces])


def _in_words(each: Listed | Nested) -> Listed | Nested:
    """The same lists with their values converted to JSON."""
    match each:
        case Listed():
            return replace(each, values={name: _as_json(values) for name, values in each.values.items()})
        case Nested():
            rows = pl.DataFrame(dict(each.constants)).iter_rows(named=True)
            heads = names_of(as_json(row).removesuffix("}") for row in rows)
            members = {name: _as_json(values) for name, values in each.members.items()}
            return replace(each, constants={"head": heads}, members=members)


def _as_json(values: pl.Series) -> pl.Series:
    return names_of(map(as_json, values.to_list()))


def _texts(each: Listed | Nested) -> Iterator[tuple[str, list[Piece]]]:
    """The pieces of each list column."""
    match each:
        case Listed():
            for name, values in each.values.items():
                yield name, _joined(pl.col(name).list.eval(_word(pl.element(), values)))
        case Nested():
            field = pl.element().struct.field
            pieces: list[Piece] = [_word(field("head"), each.constants["head"])]
            for name, values in each.members.items():
                pieces.append(f',"{name}":')
                pieces += _joined(field(name).list.eval(_word(pl.element(), values)))
            entry = _together([*pieces, "}"])
            yield each.name, _joined(pl.col(each.name).list.eval(entry))


def _word(number: pl.Expr, values: pl.Series) -> pl.Expr:
    return number.cat.to(values.dtype).cast(pl.String)


def _joined(texts: pl.Expr) -> list[Piece]:
    return ["[", texts.list.join(","), "]"]
