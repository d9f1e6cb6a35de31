"""The mutants of a module: its source text with one small change in each.

In: the name of a module. Out: the changes that mutmut's operators make to numbers, comparisons, operators,
conditions, truth values and `case`s, and two of our own: a number one less, and a call for its effect left
out. Changes that mostly crash at once (a text, an argument or a value replaced by `None`) are not made, as
they would only flatter the score. Annotations, imports, assertions for the type checker and
`strict` of `zip` are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper
from mutmut.mutation import mutators
from mutmut.mutation.file_mutation import deep_replace

ROOT = Path(__file__).parents[2]
LEFT_ALONE = (cst.Annotation, cst.Assert, cst.Decorator, cst.Import, cst.ImportFrom)
LEFT_OUT = {
    mutators.operator_string,
    mutators.operator_assignment,
    mutators.operator_arg_removal,
    mutators.operator_dict_arguments,
    mutators.operator_lambda,
}


def one_less(node: cst.BaseNumber) -> Iterator[cst.BaseNumber]:
    """A number one less; mutmut makes it one more."""
    if isinstance(node, cst.Integer) and node.evaluated_value:
        yield node.with_changes(value=repr(node.evaluated_value - 1))


def left_out(node: cst.Expr) -> Iterator[cst.Pass]:
    """A call for its effect, such as a flush, left out."""
    if isinstance(node.value, cst.Call):
        yield cst.Pass()


OPERATORS = [
    *((kind, operator) for kind, operator in mutators.mutation_operators if operator not in LEFT_OUT),
    (cst.BaseNumber, one_less),
    (cst.Expr, left_out),
]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed module: its name, the first line that differs, these lines before and after, and the text."""

    module: str
    line: int
    was: str
    now: str
    code: str


class _Changes(cst.CSTVisitor):
    """Collects the nodes that can be changed, each with what takes its place."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        only_typed = isinstance(node, cst.If) and getattr(node.test, "value", "") == "TYPE_CHECKING"
        checks = isinstance(node, cst.Arg) and getattr(node.keyword, "value", "") == "strict"
        if isinstance(node, LEFT_ALONE) or only_typed or checks:
            return False
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                self.found += [(node, changed) for changed in operator(node)]
        return True


class Mutants:
    """The mutants of one module by number; each is made when it is asked for."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.path = ROOT / f"{module.replace('.', '/')}.py"
        if not self.path.exists():
            self.path = ROOT / module.replace(".", "/") / "__init__.py"
        self.source = self.path.read_text(encoding="utf-8")
        changes = _Changes()
        self.tree = MetadataWrapper(cst.parse_module(self.source)).module
        self.tree.visit(changes)
        self.changes = changes.found

    def __len__(self) -> int:
        return len(self.changes)

    def has(self, lines: str) -> bool:
        """Whether these lines, as a mutant has them in `was`, are in the module."""
        return lines in _joined(self.source.splitlines())

    def unchanged(self) -> Mutant:
        """The module as it is, to see that its tests pass."""
        return Mutant(self.module, 0, "", "", self.source)

    def make(self, number: int) -> Mutant:
        """The mutant with this number."""
        code = deep_replace(self.tree, *self.changes[number]).code
        before, after = self.source.splitlines(), code.splitlines()
        matched = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        differing = [places for kind, *places in matched if kind != "equal"]
        (first, _, begin, _), (_, last, _, end) = differing[0], differing[-1]
        was, now = _joined(before[first:last]), _joined(after[begin:end])
        return Mutant(self.module, first + 1, was, now, code)


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)
