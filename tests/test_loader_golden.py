"""What the loader says about a knowledge base that is wrong, word for word.

Each `NAME.yaml`, or folder `NAME/`, beside `NAME.out` in `golden/loader/` is loaded; the problems are
compared with `NAME.out` byte for byte. `pytest --update-golden` writes them anew: read the difference before
it is kept. What cannot be kept as a file (links, very large files) is made here.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from engine.loading import read_knowledge_base
from engine.loading.reader import MAX_PROBLEMS
from facts.problem import render

GOLDEN = Path(__file__).parent / "golden" / "loader"
CASES = sorted(path for path in GOLDEN.iterdir() if path.suffix != ".out" and path.name[0] != ".")
RULE = "findings: {ill: ill}\nrules: {r: {when: always, then: {finding: ill}, because: b, ours: true}}\n"


def said(path: str | Path) -> str:
    """All problems of a knowledge base in words; nothing where it has none."""
    kb, problems = read_knowledge_base(path)
    assert (kb is None) is bool(problems)
    return "".join(f"{render(problem)}\n" for problem in problems)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_messages(path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    golden = path.with_suffix(".out")
    if request.config.getoption("--update-golden"):
        golden.write_bytes(said(path.name).encode())
    assert said(path.name).encode() == golden.read_bytes()


def test_every_expectation_has_its_input() -> None:
    assert {path.stem for path in GOLDEN.glob("*.out")} == {path.stem for path in CASES}


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.out")), ids=lambda path: path.stem)
def test_style(path: Path) -> None:
    """Lower case, no full stop, no name of a Python type, a caret below the line, printable characters."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for above, line in zip(["", *lines], lines, strict=False):
        assert line.isprintable()
        if match := re.fullmatch(r"[^ ]+(:\d+:\d+)?: error\[[a-z0-9-]+\]: (?P<message>.+)", line):
            assert match["message"][:1] in "`-" or match["message"][0].islower() or match["message"][0] == "U"
            assert not match["message"].endswith(".")
            assert not re.search(r"\b(str|dict|None|NoneType|tuple|Scalar|Sequence)\b", match["message"])
        elif line.startswith("  help: "):
            assert not line.removesuffix("...").endswith(".")
        elif set(line) <= {" ", "^"}:
            assert re.match(r" *\d+ \| ", above)
        else:
            assert re.match(r" *\d+ \| |  earlier: ", line)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_missing_folder(here: Path) -> None:
    (here / "kb").mkdir()
    assert said("kbs") == (
        "kbs: error[file-missing]: there is no file or folder `kbs`\n  help: did you mean `kb`?\n"
    )
    assert said("no/such/folder") == (
        "no/such/folder: error[file-missing]: there is no file or folder `no/such/folder`\n"
        "  help: name a folder that has `.yaml` files\n"
    )
    assert said("nul\0") == (
        "nul\\x00: error[file-missing]: there is no file or folder `nul\\x00`\n"
        "  help: name a folder that has `.yaml` files\n"
    )


def test_empty_folder(here: Path) -> None:
    (here / "kb").mkdir()
    assert said("kb") == (
        "kb: error[no-files]: the folder has no `.yaml` files\n"
        "  help: name the folder that has `rules/` and `questions/`\n"
    )


def test_links(here: Path) -> None:
    (here / "kb" / "rules").mkdir(parents=True)
    (here / "kb" / "fine.yaml").write_text(RULE)
    (here / "kb" / "rules" / "up").symlink_to("..")
    assert said("kb") == ""
    (here / "kb" / "loop.yaml").symlink_to("loop.yaml")
    (here / "kb" / "nowhere.yml").symlink_to("nowhere.txt")
    assert said("kb") == (
        "kb/loop.yaml: error[unreadable]: cannot be read: too many levels of symbolic links\n"
        "  help: check its permissions, and its target if it is a link\n"
        "kb/nowhere.yml: error[unreadable]: cannot be read: no such file or directory\n"
        "  help: check its permissions, and its target if it is a link\n"
    )
    (here / "self").symlink_to("self")
    assert said("self").startswith("self: error[file-missing]: ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_no_ordinary_file_is_not_opened(here: Path) -> None:
    (here / "kb").mkdir()
    os.mkfifo(here / "kb" / "pipe.yaml")
    assert said("kb") == (
        "kb/pipe.yaml: error[unreadable]: it is not a regular file\n"
        "  help: rename it so that it does not end in `.yaml`\n"
    )


def test_a_name_that_is_no_text(here: Path) -> None:
    (here / "kb").mkdir()
    Path(os.fsdecode(b"kb/\xff\x1b.yaml")).write_text("a: b\n")
    assert said("kb").startswith(
        "kb/\\udcff\\x1b.yaml:1:1: error[unknown-section]: there is no section `a`\n"
    )


def test_a_large_file(here: Path) -> None:
    (here / "large.yaml").write_bytes(b"# large\n" * (17 * 2**20 // 8))
    assert said("large.yaml") == (
        "large.yaml: error[too-large]: the file has 17.0 MB; the limit is 16 MB\n  help: split the file\n"
    )


def test_many_large_files(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.loading.files.MAX_TOTAL", 3 * 2**20)
    (here / "kb").mkdir()
    for at in range(9):
        (here / "kb" / f"{at}.yaml").write_bytes(b"#" * 2**20)
    assert said("kb") == (
        "kb: error[too-large]: only the first 4 files are read\n"
        "  help: at most 10000 files and 3 MB are read; split the knowledge base\n"
    )
    (here / "kb" / "0.yaml").write_bytes(bytes(2**20))
    assert "  help: save the file as UTF-8; it looks like UTF-16\n" in said("kb")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: " + "[" * 2**20, "nested deeper than 40 levels"),
        ("a: " + "{b: " * 2**18, "nested deeper than 40 levels"),
        ("[" + "a," * 10_001 + "]", "more than 10000 values"),
        ("a: &a [b]\nb: [" + "*a," * 2000 + "]", "alias `*a` is not read"),
        ("rules: {" + "a: b," * 2000 + "}", "more than 1000 problems"),
        ("rules: {" + ", ".join(f"r{at}: {{}}" for at in range(2000)) + "}", "more than 1000 problems"),
        ("rules: {r: {" + ", ".join(f"k{at}: 1" for at in range(4000)) + "}}", "more than 1000 problems"),
    ],
    ids=["brackets", "braces", "values", "aliases", "duplicates", "missing", "unknown"],
)
def test_bombs(text: str, words: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("facts.trees.yaml_tree.MAX_NODES", 10_000)
    (here / "bomb.yaml").write_text(text)
    _, problems = read_knowledge_base("bomb.yaml")
    assert any(words in problem.message for problem in problems)
    assert len(problems) <= MAX_PROBLEMS + 1
