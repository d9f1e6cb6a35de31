"""A Spark cluster on this machine for the tests: two executors, which are processes of their own."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec

import pytest

LACKING = [
    *(f"no {name}" for name in ("pyspark", "pyarrow", "pandas") if find_spec(name) is None),
    *(["no Java"] if shutil.which("java") is None and "JAVA_HOME" not in os.environ else []),
]
NEEDS_SPARK = [
    pytest.mark.spark,
    pytest.mark.skipif(bool(LACKING), reason=f"Spark needs cartsign[spark] and Java: {', '.join(LACKING)}"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


@pytest.fixture(scope="session")
def spark():
    """The session; batches are much shorter than usual."""
    from pyspark.sql import SparkSession

    home = find_spec("pyspark").submodule_search_locations[0]
    before = dict(os.environ)
    os.environ |= {"SPARK_HOME": home, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "100",
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("cartsign")
    session = builder.config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    os.environ.clear()
    os.environ.update(before)
