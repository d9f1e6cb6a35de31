"""The function that an executor runs, which imports cartsign only when it is called.

In: a value with a method `run`, from batches to batches. Out: the same as a function that needs no module of
cartsign until it runs, so that it can report a missing module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import pyarrow as pa

from engine.spark.parcel import own_version, packed

Batches = Iterator[pa.RecordBatch]


class Runnable(Protocol):
    """A value that can be sent to an executor and run there."""

    def run(self, batches: Iterable[pa.RecordBatch]) -> Batches:
        """Process batches of rows, and yield batches of results."""


def on_executors(value: Runnable) -> Callable[[Batches], Batches]:
    """The function for `mapInArrow`."""
    data, version = packed(value), own_version()

    def run(batches: Batches) -> Batches:
        import os

        from pyspark import TaskContext

        # Polars reads this once, on import; without it, every task would use all cores of the machine.
        context = TaskContext.get()
        os.environ.setdefault("POLARS_MAX_THREADS", str(context.cpus() if context else 1))
        try:
            from engine.spark.parcel import unpacked

            value: Runnable = unpacked(data, version)
        except ModuleNotFoundError as error:
            message = f"this executor has no `{error.name}`: install cartsign[spark] {version} there"
            raise RuntimeError(message) from error
        return value.run(batches)

    return run
