"""What a wheel carries: every package, and the knowledge base as data."""

from __future__ import annotations

import re
import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = {"yaml": "PyYAML", "z3": "z3-solver", "altair": "altair[save]", "pyspark": "pyspark[sql]"}
"""The packages that are not called like the module that they bring."""
OPTIONAL = ("author", "report", "spark")
CALLED = {"engine.public": "cartsign"}
"""The package whose folder has another name."""


def setup_cfg() -> ConfigParser:
    found = ConfigParser()
    found.read(ROOT / "setup.cfg")
    return found


def names(requirements: str) -> set[str]:
    return {re.split("[>=<]", each)[0] for each in requirements.split()}


def package(folder: Path) -> str:
    name = ".".join(folder.relative_to(ROOT).parts)
    return CALLED.get(name, name)


def test_every_package_is_listed():
    listed = set(setup_cfg()["options"]["packages"].split()) - {"cartsign_kb"}
    inits = [path for top in ("engine", "facts") for path in (ROOT / top).rglob("__init__.py")]
    assert listed == {package(path.parent) for path in inits}


def test_every_file_of_the_knowledge_base_matches_its_package_data():
    patterns = setup_cfg()["options.package_data"]["cartsign_kb"].split()
    carried = {path for pattern in patterns for path in (ROOT / "kb").glob(pattern)}
    assert carried == {path for path in (ROOT / "kb").rglob("*") if path.is_file()}


def test_every_file_beside_the_code_matches_the_package_data_of_its_package():
    data = setup_cfg()["options.package_data"]
    files = [path for top in ("engine", "facts") for path in (ROOT / top).rglob("*") if path.is_file()]
    for path in files:
        if path.suffix not in (".py", ".pyc") and path.name != "README.md":
            home = next(folder for folder in path.parents if (folder / "__init__.py").exists())
            patterns = data.get(package(home), "").split()
            assert any(path.match(pattern) for pattern in patterns), f"a wheel would lack {path}"


def test_whatever_is_imported_is_required():
    required = names(setup_cfg()["options"]["install_requires"])
    extras = setup_cfg()["options.extras_require"]
    optional = {name for extra in OPTIONAL for name in names(extras[extra])}
    files = [path for top in ("engine", "facts") for path in (ROOT / top).rglob("*.py")]
    imports = re.compile(r"^ *(?:import|from) (\w+)(?=$|[.]| import| as)", re.MULTILINE)
    named = {name for path in files for name in imports.findall(path.read_text(encoding="utf-8"))}
    foreign = named - set(sys.stdlib_module_names) - {"engine", "facts", "cartsign"}
    assert {PACKAGES.get(name, name) for name in foreign} == required | optional


def test_knowledge_base_has_no_python():
    assert not list((ROOT / "kb").rglob("*.py"))
