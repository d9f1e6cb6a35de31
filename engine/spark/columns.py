"""The columns of a DataFrame: their Arrow types, and problems with them.

In: fields of a Spark schema, renamed to the names of the knowledge base. Out: Arrow types and problems.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from pyspark.sql.types import ArrayType, DataType, DecimalType, NullType, StringType, StructField

from facts.problem import Problem, Span, quote, suggest

SIMPLE = {
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "int": pa.int32(),
    "bigint": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
}


def arrow_type(dtype: DataType) -> pa.DataType | None:
    """The Arrow type of a column that may answer a question; None if no question accepts its type."""
    match dtype:
        case StringType():
            return pa.string()
        case NullType():
            return pa.null()
        case DecimalType():
            return pa.decimal128(dtype.precision, dtype.scale)
        case ArrayType():
            inner = arrow_type(dtype.elementType)
            return None if inner is None else pa.list_(inner)
        case _:
            return SIMPLE.get(dtype.simpleString())


def portable(dtype: pa.DataType) -> pa.DataType:
    """The corresponding type that Spark supports, including nested types."""
    if pa.types.is_null(dtype) or pa.types.is_dictionary(dtype):
        return pa.string()
    if pa.types.is_unsigned_integer(dtype):
        return pa.int64()
    if pa.types.is_list(dtype) or pa.types.is_large_list(dtype):
        return pa.list_(portable(dtype.value_type))
    if pa.types.is_struct(dtype):
        return pa.struct([(field.name, portable(field.type)) for field in dtype])
    return dtype


def answers(fields: Iterable[StructField], read: Iterable[str]) -> pa.Schema:
    """The Arrow schema of the fields; those not in `read`, or of unsupported types, are null."""
    types = {field.name: arrow_type(field.dataType) if field.name in read else None for field in fields}
    return pa.schema([(name, pa.null() if dtype is None else dtype) for name, dtype in types.items()])


def unreadable(fields: Iterable[StructField], read: Iterable[str], name: str) -> Iterator[Problem]:
    """Problems of columns named like a question but with a type that no question accepts."""
    for field in fields:
        if field.name in read and arrow_type(field.dataType) is None:
            message = f"column {quote(field.name)} must not have the type `{field.dataType.simpleString()}`"
            yield Problem("column-type", message, Span(name), "convert the column", subject=field.name)


def named_twice(names: Sequence[str], used: Iterable[str], name: str) -> Iterator[Problem]:
    """Problems of columns that are read or kept but occur more than once."""
    counts, wanted = Counter(names), set(used)
    for each, count in counts.items():
        if count > 1 and each in wanted:
            message = f"{count} columns have the name {quote(each)}"
            yield Problem("column-twice", message, Span(name), "remove or rename all but one", subject=each)


def kept_wrongly(
    keep: Sequence[str], names: Sequence[str], results: Sequence[str], name: str
) -> Iterator[Problem]:
    """Problems of columns that cannot be kept: they do not exist, or the results have a column of that name.

    Spark ignores case in column names.
    """
    taken = {each.lower(): each for each in reversed(results)}
    for each in dict.fromkeys(keep):
        if each not in names:
            help = suggest(each, list(names), "columns") or "name a column of the DataFrame"
            message = f"there is no column {quote(each)} to keep"
            yield Problem("keep-missing", message, Span(name), help, subject=each)
        elif each.lower() in taken:
            message = f"{quote(each)} cannot be kept: {quote(taken[each.lower()])} is a column of the results"
            yield Problem("keep-taken", message, Span(name), "rename the column", subject=each)
        taken.setdefault(each.lower(), each)
