"""The floors of the house, what may import what, and who may speak: read off the source of every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for package in ("facts", "engine") for path in (ROOT / package).rglob("*.py"))
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES
}
EACH_MODULE = pytest.mark.parametrize("module", MODULES)

MACHINES = {"engine.experta_target", "engine.columns", "engine.solver"}
FLOORS: tuple[set[str], ...] = (
    # What is known of one person, and of many.
    {"facts", "facts.nearest", "facts.parquet", "engine.collector"},
    {"facts.problem"},
    {"facts.trees", "facts.vocabulary", "engine.output"},
    {"facts.answer", "facts.paths"},
    {"facts.plain"},
    {"facts.other_names", "facts.reject"},
    {"facts.answers"},
    {"facts.case_keys"},
    {"facts.case"},
    {"facts.cases"},
    {"facts.tables"},
    {"facts.files"},
    # The rules: as values, what they mean, how they are read and put into words.
    {"engine.model"},
    {"engine.meaning"},
    {"engine.loading", "engine.words"},
    MACHINES,
    # What is made of columns.
    {"engine.assessments", "engine.sampling", "engine.tally"},
    # What people ask.
    {"engine.casetest", "engine.graph", "engine.page", "engine.summary"},
    {"engine.authoring", "engine.batch", "engine.checks", "engine.claims", "engine.explanation"},
    {"engine", "engine.proofs", "engine.spark"},
    {"engine.coverage"},
    # The command line.
    {"engine.commands"},
    {"engine.__main__", "engine.public"},
)
"""Every room, from the ground up. What a room imports is inside it, or on a floor below it."""

UPWARDS = {("engine.spark.__main__", "engine.commands.spark")}
"""`spark-submit` is given a file instead of a command, and this is the file."""

LOOSE = {"engine", "engine.__main__", "engine.collector"}
"""The modules of `engine` that are in no package."""
MOST_PACKAGES = 25

FOREIGN: dict[str, set[str]] = {
    "experta": {"engine.experta_target"},
    "frozendict": {"engine.experta_target.library"},
    "yaml": {"facts.trees.yaml_tree", "facts.trees.yaml_layout"},
    "polars": {"facts.tables", "engine.columns", "engine.assessments", "engine.sampling", "engine.tally"},
    "numpy": {"engine.assessments.slots", "engine.assessments.nested"},
    "nanoarrow": {"engine.assessments.slots"},
    "z3": {"engine.solver"},
    "click": {"engine.commands"},
    "rich": {
        "engine.claims.terminal",
        "engine.commands",
        "engine.coverage.terminal",
        "engine.explanation.terminal",
        "engine.page.terminal",
        "engine.summary.tables",
        "engine.summary.terminal",
    },
    "pytest": {"engine.casetest.pytest_cases"},
    "jinja2": {"engine.output.html"},
    "igraph": {"engine.graph.layout"},
    "altair": {"engine.summary.charts", "engine.summary.chart_axes"},
    "pyarrow": {"engine.spark"},
    "pyspark": {"engine.spark"},
}
"""The packages and modules that may import each foreign library. No other library is imported at all."""
HEAVY = {"altair", "experta", "igraph", "numpy", "polars", "pyspark", "z3"}

SPEAKING = ("print", "input", "exit", "quit", "breakpoint")
SPEAKING_OF = ("sys.argv", "sys.exit", "sys.stdout", "sys.stderr", "os._exit", "click.echo")


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


@cache
def statements(module: str) -> list[ast.AST]:
    """Every node of a module but those that only the type checker reads."""
    waiting: list[ast.AST] = [ast.parse(MODULES[module].read_text(encoding="utf-8"))]
    found = []
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting += [child for child in ast.iter_child_nodes(node) if not is_for_types(child)]
    return found


@cache
def imported(module: str) -> frozenset[str]:
    """The modules that a module imports, anywhere in it; ours as precisely as they are named."""
    found = set()
    for node in statements(module):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & set(MODULES)) or {node.module}
    return frozenset(found - {module})


def ours(module: str) -> frozenset[str]:
    return imported(module) & MODULES.keys()


def libraries(module: str) -> set[str]:
    tops = {name.partition(".")[0] for name in imported(module)}
    return tops - {"engine", "facts"} - set(sys.stdlib_module_names)


def is_in(module: str, place: str) -> bool:
    return module == place or module.startswith(f"{place}.")


def is_command_line(module: str) -> bool:
    return is_in(module, "engine.commands")


def room(module: str) -> str:
    """The package of a module, or the module itself where it is loose."""
    return ".".join(module.split(".")[:2])


FLOOR = {each: height for height, rooms in enumerate(FLOORS) for each in rooms}


def test_there_is_something_to_look_at():
    assert {"facts.case", "engine.meaning.holds", "engine.columns", "engine.columns.truth"} <= set(MODULES)
    assert "engine.model.parts" in ours("engine.meaning.holds")
    assert "engine.experta_target" in ours("engine")


def test_every_room_is_on_one_floor():
    assert sum(map(len, FLOORS)) == len(FLOOR)
    assert set(FLOOR) == set(map(room, MODULES))


@EACH_MODULE
def test_imports_go_down(module):
    inside = room(module)
    up = {name for name in ours(module) if room(name) != inside and FLOOR[room(name)] >= FLOOR[inside]}
    assert up == {upper for lower, upper in UPWARDS if lower == module}


def test_the_house_has_few_doors():
    rooms = {each for each in FLOOR if is_in(each, "engine")}
    packages = {each for each in rooms if each != "engine" and MODULES[each].name == "__init__.py"}
    assert rooms - packages == LOOSE
    assert len(packages) <= MOST_PACKAGES


def test_every_folder_with_code_is_a_package():
    assert {path.parent for path in FILES} == {path.parent for path in FILES if path.name == "__init__.py"}


def test_imports_form_a_ladder():
    ladder = list(TopologicalSorter({module: ours(module) for module in MODULES}).static_order())
    assert set(ladder) == set(MODULES)


def test_no_package_is_in_a_circle():
    below: dict[str, set[str]] = {each: set() for each in FLOOR}
    for module in MODULES:
        reached = {room(name) for name in ours(module) if (module, name) not in UPWARDS}
        below[room(module)] |= reached - {room(module)}
    assert set(TopologicalSorter(below).static_order()) == set(FLOOR)


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("facts")])
def test_facts_know_nothing_of_the_engine(module):
    assert not {name for name in imported(module) if name.startswith("engine")}


@pytest.mark.parametrize(
    ("module", "below"),
    [
        ("engine.model.parts", set()),
        ("engine.model.scores", {"engine.model.parts"}),
        ("engine.model.classes", {"engine.model.names", "engine.model.parts"}),
        (
            "engine.model.knowledge_base",
            {"engine.model.classes", "engine.model.parts", "engine.model.scores"},
        ),
        ("engine.meaning.holds", {"engine.model.names", "engine.model.parts", "engine.model.scores"}),
        ("engine.claims.ledger", {"engine.model.knowledge_base"}),
        (
            "engine.meaning.definitions",
            {
                "engine.model.knowledge_base",
                "engine.model.names",
                "engine.model.parts",
                "engine.model.scores",
            },
        ),
    ],
)
def test_the_lower_rungs_read_only_what_is_below(module, below):
    assert {name for name in ours(module) if name.startswith("engine")} <= below


def test_nothing_stands_on_the_command_line():
    assert {module for module in MODULES if any(map(is_command_line, ours(module)))} <= {
        "engine.__main__",
        "engine.public.__main__",
        "engine.spark.__main__",
        *filter(is_command_line, MODULES),
    }


@pytest.mark.parametrize("machine", sorted(MACHINES))
def test_machines_do_not_know_each_other(machine):
    others = MACHINES - {machine}
    own = [module for module in MODULES if is_in(module, machine)]
    assert not {name for module in own for name in ours(module) if name.startswith(tuple(others))}


@EACH_MODULE
def test_a_foreign_library_is_imported_in_its_place(module):
    for name in libraries(module):
        assert name in FOREIGN, f"{module} imports {name}, which has no place"
        assert any(is_in(module, place) for place in FOREIGN[name]), f"{module} imports {name}"


@pytest.mark.parametrize(
    ("name", "place"), [(name, each) for name in FOREIGN for each in sorted(FOREIGN[name])]
)
def test_each_place_uses_its_foreign_library(name, place):
    assert any(name in libraries(module) for module in MODULES if is_in(module, place))


@pytest.mark.parametrize(
    "module",
    ["engine", "engine.loading", "engine.commands.group", "engine.page.terminal", "engine.tally.tally"],
)
def test_heavy_libraries_wait_until_they_are_needed(module):
    code = f"import sys, {module}; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert module in found.stdout.split()
    assert not HEAVY & set(found.stdout.split())


def speaks(node: ast.AST) -> str | None:
    """The word with which a statement prints, reads arguments or exits."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEAKING:
        return node.func.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        name = f"{node.value.id}.{node.attr}"
        return name if name in SPEAKING_OF else None
    return "SystemExit" if isinstance(node, ast.Name) and node.id == "SystemExit" else None


@EACH_MODULE
def test_only_the_command_line_speaks(module):
    spoken = {word for node in statements(module) if (word := speaks(node))}
    assert is_command_line(module) or not spoken


def test_the_command_line_speaks():
    assert any(speaks(node) for node in statements("engine.commands.shared"))


NAMES = "engine.model.names"

CUTTING = {"partition", "rpartition", "split", "rsplit", "startswith", "endswith"}
CUTTING |= {"removeprefix", "removesuffix", "replace"}

KINDS = {
    "rule",
    "asked",
    "finding",
    "condition",
    "triage",
    "level",
    "give",
    "hold",
    "advice",
    "text",
    "score",
}
KINDS |= {"question", "inconsistency", "asked_when", "disagreement", "property", "kind", "part", "shared"}


def is_beginning(text: str) -> bool:
    """Whether a text is the beginning of a name, or what its pieces have between them."""
    return text.endswith(":") and text[:-1] in {*KINDS, ""}


def beginnings(node: ast.AST) -> list[str]:
    """The beginnings of names that a node writes or cuts."""
    match node:
        case ast.JoinedStr([ast.Constant(str(text)), *_]):
            return [text] * (is_beginning(text) and text != ":")
        case ast.Call(ast.Attribute(attr=method), arguments) if method in CUTTING:
            inner = [each for argument in arguments for each in ast.walk(argument)]
            return [
                each.value
                for each in inner
                if isinstance(each, ast.Constant) and is_beginning(str(each.value))
            ]
    return []


@pytest.mark.parametrize(
    "module", sorted(each for each in MODULES if each.startswith("engine") and each != NAMES)
)
def test_only_one_module_knows_how_a_name_is_put_together(module):
    """Neither `rule:` nor what follows is written or cut off anywhere else; a colon of YAML may be."""
    found = [text for node in statements(module) for text in beginnings(node)]
    assert found == ([":"] if module == "engine.loading.names" else [])


MOST_BY_POSITION = 7


@EACH_MODULE
def test_no_call_is_a_list_of_values_without_names(module):
    calls = [node for node in statements(module) if isinstance(node, ast.Call)]
    assert not [ast.unparse(each.func) for each in calls if len(each.args) > MOST_BY_POSITION]
