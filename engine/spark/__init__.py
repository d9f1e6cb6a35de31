"""Assessment of cases on the executors of a Spark cluster; requires `cartsign[spark]`.

    from cartsign.spark import assess_dataframe, assess_files
    assessed = assess_dataframe(spark.read.parquet("cases"), "kb", keep=["site"])
    assessed.results.write.parquet("results")
    assessed.rejects.write.parquet("rejects")

    assess_files(spark, ["/shared/cases"], "/shared/results", "kb", keep=["site"])

Both give the same rows as a run on one machine. `assess_files` is several times cheaper: Spark distributes
only the names of files, and no row is copied between Java and Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch import AUDITED
from facts.other_names.renaming import AS_IT_IS, Renaming

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from engine.model.assessment import Shape
    from engine.model.knowledge_base import KnowledgeBase
    from engine.spark.dataframe import Assessed
    from engine.spark.files import FilesAssessed

__all__ = ["assess_dataframe", "assess_files"]

LACKING = "Spark or a library that it needs is not installed here: pip install 'cartsign[spark]'"


def assess_dataframe(
    cases: DataFrame,
    kb: KnowledgeBase | str | Path,
    keep: Iterable[str] = (),
    *,
    shape: Shape = "wide",
    renaming: Renaming = AS_IT_IS,
    name: str = "dataframe",
) -> Assessed:
    """Assess a Spark DataFrame, one case per row, on the executors. Evaluation is lazy.

    Columns are as in `facts.tables.canonical`: one per question, or `question.option` for an option;
    `renaming` maps other names to these. The columns in `keep` are carried along unchanged. A row without an
    id gets the id `row-` plus a hash of its answers, so its id is the same wherever and however often it is
    read.

    Raises `Rejected` with problems of the columns, in which the DataFrame is called `name`, and with problems
    of a knowledge base given by its path.
    """
    with _named_if_lacking():
        from engine.spark.dataframe import assessed
    return assessed(cases, kb, tuple(keep), shape, renaming, name)


def assess_files(
    spark: SparkSession,
    files: Iterable[str],
    out: str | Path,
    kb: KnowledgeBase | str | Path,
    keep: Iterable[str] = (),
    *,
    shape: Shape = "wide",
    renaming: Renaming = AS_IT_IS,
    expect: str = "expect",
    audit: int = AUDITED,
) -> FilesAssessed:
    """Assess files and folders of cases, one task per file, into the folder `out`.

    Each file gets the results, rejects and manifest of `cartsign assess FILE -o OUT.parquet`, with `audit`
    rows checked on experta. The executors read and write files and folder under the same names as the driver.
    A killed task is resumed; files that already have results are not assessed again.

    Raises `Rejected` with problems of the names, or of a knowledge base given by its path.
    """
    with _named_if_lacking():
        from engine.spark.files import assessed_files
    from engine.batch.job import Job, Settings
    from engine.loading import load
    from facts.tables.segment import Wanted

    base = load(kb) if isinstance(kb, (str, Path)) else kb
    kept = tuple(dict.fromkeys(each for each in keep if each != "id"))
    wanted = Wanted(base.questions, kept, expect, renaming)
    return assessed_files(spark, list(files), base, Job((), Path(out), wanted, Settings(shape, audit=audit)))


@contextmanager
def _named_if_lacking() -> Iterator[None]:
    """If a module is missing, raise an error that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(LACKING, name=error.name) from error
