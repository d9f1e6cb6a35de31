"""The loader never raises: whatever stands in a file, there is a knowledge base or there are problems."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.loading import read_knowledge_base
from facts.problem import render

BUNDLED = Path(__file__).parent.parent / "kb"
TEXTS = {path.relative_to(BUNDLED): path.read_text("utf-8") for path in sorted(BUNDLED.rglob("*.yaml"))}
FILES = [str(name) for name in TEXTS if name.parts[0] not in ("cases", "claims")]
JUNK = [
    "\t",
    "- ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "#",
    "&a ",
    "*a",
    "!!x ",
    "|",
    ">",
    "%",
    "@",
    "---",
    "\0",
]
JUNK += [
    "\x85",
    "\u2028",
    "é",
    "病",
    "\U0001f600",
    "~",
    "null",
    "yes",
    "010",
    "1e3",
    "99999999999",
    "-1",
    "0.5",
]
JUNK += ["any", "not", "when", "then", "at_least", "condition", "score", "shown_with", "<<", "none", "always"]
JUNK += [
    "must",
    "stays",
    "unanswered",
    "held",
    "advice_kind",
    "formerly",
    "formerly: a",
    "formerly: {a: {b: c}}",
]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, str]:
    """A file of the bundled knowledge base, changed in a few places."""
    name = draw(st.sampled_from(FILES))
    lines = TEXTS[Path(name)].splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        lines[at : at + 1] = draw(changes(lines[at] if lines else ""))
        if draw(st.integers(0, 4)) == 0:
            other = draw(st.integers(0, max(0, len(lines) - 1)))
            lines[at : at + 1], lines[other : other + 1] = lines[other : other + 1], lines[at : at + 1]
    return name, "\n".join(lines)


@st.composite
def changes(draw: st.DrawFn, line: str) -> list[str]:
    """What becomes of a line."""
    words = line.split(" ")
    at = draw(st.integers(0, len(words) - 1))
    match draw(st.sampled_from(["delete", "double", "replace", "inject", "indent", "cut"])):
        case "delete":
            return []
        case "double":
            return [line, line]
        case "replace":
            words[at] = draw(st.sampled_from(JUNK) | st.text(max_size=4))
            return [" ".join(words)]
        case "inject":
            return [" ".join([*words[:at], draw(st.sampled_from(JUNK)), *words[at:]])]
        case "indent":
            return [" " * draw(st.integers(0, 12)) + line.lstrip()]
    return [line[: draw(st.integers(0, len(line)))]]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz") / "kb"
    shutil.copytree(BUNDLED, folder)
    return folder


def check_problems(path: Path) -> None:
    """There is a knowledge base or there are problems, each of which can be shown."""
    kb, problems = read_knowledge_base(path)
    assert (kb is None) is bool(problems)
    for problem in problems:
        for line in render(problem).splitlines():
            assert line.isprintable()
            assert len(line) < 1000


@given(mutation=mutations())
@settings(max_examples=20)
def test_a_damaged_base_gives_problems(mutation: tuple[str, str], copy: Path) -> None:
    name, text = mutation
    (copy / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        check_problems(copy)
    finally:
        (copy / name).write_text(TEXTS[Path(name)], "utf-8")


@pytest.mark.sweep
@given(mutation=mutations())
@settings(max_examples=600)
def test_a_damaged_base_gives_problems_swept(mutation: tuple[str, str], copy: Path) -> None:
    test_a_damaged_base_gives_problems.hypothesis.inner_test(mutation, copy)


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=300)
def test_any_bytes_give_problems(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(data)
    check_problems(path)


@given(words=st.lists(st.sampled_from([*JUNK, "\n", "\n  ", "rules:", "questions:", "a", " "]), max_size=40))
@settings(max_examples=300)
def test_any_words_give_problems(words: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "words.yaml"
    path.write_bytes("".join(words).encode())
    check_problems(path)
