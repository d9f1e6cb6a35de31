"""From a Spark DataFrame of cases to one of results and rejects; this is the driver side, which reads no
rows.

In: the columns of a DataFrame. Out: problems with them, before anything runs; otherwise a DataFrame that
passes the relevant columns to the tasks (`engine.spark.task`). They are passed without their names, because
Spark interprets a dot in a name as field access, and treats `Age` and `age` as the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyspark.sql import DataFrame, functions
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StringType, StructField, StructType

from engine.assessments.arrow import column_problems
from engine.loading import load
from engine.model.assessment import Shape
from engine.model.knowledge_base import KnowledgeBase
from engine.spark.columns import answers, kept_wrongly, named_twice, unreadable
from engine.spark.executor import on_executors
from engine.spark.task import REJECT, Task
from facts.other_names.columns import known_names
from facts.other_names.formerly import as_read
from facts.other_names.renaming import Renaming
from facts.problem import Problem, without_errors
from facts.tables.frame import flag_of
from facts.tables.segment import Wanted

TOLD = StructField(REJECT, StringType())


@dataclass(frozen=True, slots=True)
class Assessed:
    """The assessed rows of a DataFrame: cases in `results`, the other rows in `rejects`.

    Each of the two reads and assesses all `rows` on use; `persist` caches them for both. Alternatively, write
    `rows` once: it has the columns of the results and `reject`, which is null except for rejects.
    """

    rows: DataFrame
    keep: tuple[str, ...]
    warnings: tuple[Problem, ...]

    @property
    def results(self) -> DataFrame:
        """`id`, the kept columns, and the results of each case."""
        return self.rows.filter(functions.col(REJECT).isNull()).drop(REJECT)

    @property
    def rejects(self) -> DataFrame:
        """`id`, the kept columns, `code`, and `reject`, a line of JSON (see `facts.reject`)."""
        rows = self.rows.filter(functions.col(REJECT).isNotNull())
        code = functions.get_json_object(REJECT, "$.code").alias("code")
        kept = (functions.col(quoted(name)) for name in self.keep)
        return rows.select("id", *kept, code, REJECT)

    def persist(self) -> Assessed:
        """The same rows, cached by Spark after first use: in memory, and on disk if they do not fit."""
        return replace(self, rows=self.rows.persist())


def assessed(
    cases: DataFrame,
    base: KnowledgeBase | str | Path,
    keep: Sequence[str],
    shape: Shape,
    renaming: Renaming,
    name: str,
) -> Assessed:
    """Implements `engine.spark.assess_dataframe`."""
    kb = base if isinstance(base, KnowledgeBase) else load(base)
    kept = tuple(dict.fromkeys(each for each in keep if each != "id"))
    fields = [_renamed(field, renaming) for field in cases.schema.fields]
    read = _answering(kb)
    used = [(at, field) for at, field in enumerate(fields) if field.name in read or field.name in kept]
    columns = tuple(field.name for _, field in used)
    schema = answers([field for field in fields if field.name in read], read)
    task = Task(kb, shape, columns, kept, schema, Renaming({}, renaming.values), name)
    results = from_arrow_schema(task.result_schema).fields
    warnings = tuple(without_errors(_problems(fields, read, task, [field.name for field in results])))
    numbered = cases.toDF(*(f"c{at}" for at in range(len(fields))))
    given = numbered.select([f"c{at}" for at, _ in used])
    by_name = {field.name: field for field in fields}
    told = StructType([results[0], *(by_name[each] for each in kept), *results[1:], TOLD])
    # A fresh copy, so that the cached properties of this one are not sent along.
    return Assessed(given.mapInArrow(on_executors(replace(task)), told), kept, warnings)


def _renamed(field: StructField, renaming: Renaming) -> StructField:
    return StructField(renaming.columns.get(field.name, field.name), field.dataType)


def _answering(kb: KnowledgeBase) -> set[str]:
    flags = map(flag_of, as_read(kb.questions).values())
    return {*known_names(kb.questions), *flags} - {"about"}


def _problems(
    fields: Sequence[StructField], read: Iterable[str], task: Task, results: Sequence[str]
) -> Iterator[Problem]:
    names = [field.name for field in fields]
    wanted = Wanted(task.kb.questions, tuple(each for each in task.keep if each in names))
    yield from named_twice(names, [*read, *task.keep], task.name)
    yield from unreadable(fields, read, task.name)
    yield from kept_wrongly(task.keep, names, [*results, REJECT], task.name)
    yield from column_problems(answers(fields, read), wanted, task.name)


def quoted(name: str) -> str:
    """A column name quoted for Spark, so that it is taken as one name whatever it contains."""
    return "`" + name.replace("`", "``") + "`"
