"""Where Spark is not installed, whoever asks for it is told what to install."""

import sys

import pytest

from engine.spark import assess_dataframe, assess_files


@pytest.fixture(autouse=True)
def without_spark(monkeypatch):
    for name in [each for each in sys.modules if each.startswith("engine.spark.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("pyspark", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize(
    "ask", [lambda kb: assess_dataframe(None, kb), lambda kb: assess_files(None, [], "", kb)]
)
def test_the_functions_name_what_to_install(kb, ask):
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'cartsign\[spark\]'"):
        ask(kb)


def test_the_command_names_what_to_install(run):
    result = run("spark", "cases.parquet", "-o", "out")
    assert result.exit_code == 2
    assert "spark: error[extra]: Spark is not installed here" in result.stderr
