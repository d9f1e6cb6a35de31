"""Past one machine: cases to results on the executors of a Spark cluster, `cartsign[spark]`.

    from cartsign.spark import assess_dataframe, assess_files
    assessed = assess_dataframe(spark.read.parquet("cases"), "kb", keep=["site"])
    assessed.results.write.parquet("results")
    assessed.rejects.write.parquet("rejects")

    assess_files(spark, ["/shared/cases"], "/shared/results", "kb", keep=["site"])

The same plan as on one machine, and the same rows. The second is several times cheaper: Spark hands out the
names of files alone, and no row goes from Java to Python and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.assessments.chunks import AUDITED
from facts.other_names.renaming import AS_IT_IS, Renaming

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from engine.assessments.chunks import Shape
    from engine.model.knowledge_base import KnowledgeBase
    from engine.spark.dataframe import Assessed
    from engine.spark.files import FilesAssessed

__all__ = ["assess_dataframe", "assess_files"]

LACKING = "Spark, or what it needs to hand over rows, is not installed here: pip install 'cartsign[spark]'"


def assess_dataframe(
    cases: DataFrame,
    kb: KnowledgeBase | str | Path,
    keep: Iterable[str] = (),
    *,
    shape: Shape = "wide",
    renaming: Renaming = AS_IT_IS,
    name: str = "dataframe",
) -> Assessed:
    """Assess a Spark DataFrame, a row a case, on the executors; nothing runs before its rows are asked for.

    Columns are as in `facts.tables.canonical`: one a question, or `question.option` an option; `renaming`
    tells of other names. The columns in `keep` are carried along as they are. A row without an id is called
    `row-` and a hash of its answers, so that it is called the same wherever and how often it is read.

    Raises `Rejected` with the problems of the columns, in which they are called `name`, and with those of a
    knowledge base that is named by its path.
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
    """Assess files and folders of cases, a task a file, into the folder `out`: for each what `cartsign assess
    FILE -o OUT.parquet` gives, results, rejects and manifest, with `audit` rows checked on experta.

    Files and folder are read and written by the executors, under the same names as here. A task that was
    killed goes on where it was; files whose results are there already are not assessed again.

    Raises `Rejected` with what is wrong with the names, or with a knowledge base that is named by its path.
    """
    with _named_if_lacking():
        from engine.spark.files import assessed_files
    from engine.batch.job import Job
    from engine.loading import load
    from facts.tables.segment import Wanted

    base = load(kb) if isinstance(kb, (str, Path)) else kb
    kept = tuple(dict.fromkeys(each for each in keep if each != "id"))
    wanted = Wanted(base.questions, kept, expect, renaming)
    return assessed_files(spark, list(files), base, Job((), Path(out), shape, wanted, audit=audit))


@contextmanager
def _named_if_lacking() -> Iterator[None]:
    """Say what to install where a module is lacking."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(LACKING, name=error.name) from error
