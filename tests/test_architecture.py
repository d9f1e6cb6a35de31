"""What may import what, and who may speak: read off the source of every module."""

from __future__ import annotations

import ast
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

FOREIGN = {
    "experta": lambda path: path.startswith("engine/experta_target/"),
    "frozendict": lambda path: path == "engine/experta_target/library.py",
    "yaml": lambda path: path in ("facts/trees/yaml_tree.py", "facts/trees/yaml_layout.py"),
    "polars": lambda path: path.startswith(
        ("facts/tables/", "engine/columns/", "engine/assessments/", "engine/sampling/", "engine/tally/")
    ),
    "numpy": lambda path: path in ("engine/assessments/slots.py", "engine/assessments/nested.py"),
    "nanoarrow": lambda path: path == "engine/assessments/slots.py",
    "z3": lambda path: path.startswith("engine/solver/"),
    "click": lambda path: path.startswith("engine/commands/"),
    "pytest": lambda path: path == "engine/casetest/pytest_cases.py",
    "jinja2": lambda path: path == "engine/output/html.py",
    "igraph": lambda path: path == "engine/graph/layout.py",
    "altair": lambda path: path in ("engine/summary/charts.py", "engine/summary/chart_axes.py"),
    "pyarrow": lambda path: path.startswith("engine/spark/"),
    "pyspark": lambda path: path.startswith("engine/spark/"),
}
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


def is_command_line(module: str) -> bool:
    return module == "engine.commands" or module.startswith("engine.commands.")


def test_there_is_something_to_look_at():
    assert {"facts.case", "engine.meaning.holds", "engine.columns", "engine.columns.truth"} <= set(MODULES)
    assert "engine.model.parts" in ours("engine.meaning.holds")
    assert "engine.experta_target" in ours("engine")


def test_imports_form_a_ladder():
    ladder = list(TopologicalSorter({module: ours(module) for module in MODULES}).static_order())
    assert set(ladder) == set(MODULES)


@pytest.mark.parametrize("module", [module for module in MODULES if module.startswith("facts")])
def test_facts_know_nothing_of_the_engine(module):
    assert not {name for name in imported(module) if name.startswith("engine")}


@pytest.mark.parametrize(
    ("module", "below"),
    [
        ("engine.model.parts", set()),
        ("engine.model.scores", {"engine.model.parts"}),
        ("engine.model.knowledge_base", {"engine.model.parts", "engine.model.scores"}),
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


TARGETS = {"engine.experta_target", "engine.columns", "engine.solver"}


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_targets_do_not_know_each_other(target):
    others = TARGETS - {target}
    own = [module for module in MODULES if module == target or module.startswith(f"{target}.")]
    assert not {name for module in own for name in ours(module) if name.startswith(tuple(others))}


@EACH_MODULE
def test_a_foreign_engine_is_imported_in_one_place(module):
    path = MODULES[module].relative_to(ROOT).as_posix()
    for name in {name.partition(".")[0] for name in imported(module)} & set(FOREIGN):
        assert FOREIGN[name](path), f"{path} imports {name}"


@pytest.mark.parametrize("name", FOREIGN)
def test_each_foreign_engine_has_its_place(name):
    assert any(each.partition(".")[0] == name for module in MODULES for each in imported(module))


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
