"""`cartsign test --update`: only what is not met changes, and not a byte beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from engine.casetest.editing import Change, Unedited, edited
from facts.plain import plain_of
from facts.trees.yaml_layout import layout, written
from facts.trees.yaml_tree import read_yaml

PAGES = str(Path(__file__).parent / "golden" / "pages" / "base.yaml")
HEAD = "id: x\nanswers: {cough: dry, fever: no}\n"

Run = Callable[..., Result]
Write = Callable[[str, str], str]

GOLDEN = Path(__file__).parent / "golden" / "casetest" / "updates.txt"
BLOCK = re.compile(r"^=== (.+)\n((?:.*\n)*?)==>\n((?:(?!===).*\n)*)", re.MULTILINE)
REWRITTEN = {
    name: (before, after.rstrip() + "\n") for name, before, after in BLOCK.findall(GOLDEN.read_text())
}


def test_there_is_something_to_rewrite() -> None:
    assert len(REWRITTEN) == GOLDEN.read_text().count("\n=== ") > 20


@pytest.mark.parametrize("name", REWRITTEN)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=["LF", "CRLF", "no end"])
def test_what_changes(name: str, end: str, run: Run, tmp_path: Path) -> None:
    """Whatever the lines end with, and where the last one has no end."""
    texts = [f"{HEAD}{text}".replace("\n", end or "\n") for text in REWRITTEN[name]]
    before, after = (text.encode() if end else text.rstrip("\n").encode() for text in texts)
    (tmp_path / "cases.yaml").write_bytes(before)
    told = run("test", "cases.yaml", "--kb", PAGES, "--update")
    found = (tmp_path / "cases.yaml").read_bytes()
    assert found == after or (not end and found == after + b"\n"), told.output
    assert told.exit_code == 0
    assert told.stdout.splitlines()[-1] == "1 case: 1 rewritten"
    assert run("test", "cases.yaml", "--kb", PAGES).exit_code == 0
    assert run("test", "cases.yaml", "--kb", PAGES, "--update").output == "1 case: 1 passed\n"
    assert (tmp_path / "cases.yaml").read_bytes() == found


@pytest.mark.parametrize(
    "now",
    ["expect: {fired: [flu-for-sure]}\n", "", "expect: {fired: [a-cold]}\nexpect_not: {findings: [ill]}\n"],
)
def test_a_case_that_somebody_has_changed_meanwhile_is_left_alone(now, run, write, monkeypatch) -> None:
    file = write("cases.yaml", f"{HEAD}expect: {{fired: [a-cold]}}\n")
    monkeypatch.setattr("engine.commands.test.violated", lambda *_: write(file, HEAD + now) and [])
    told = run("test", file, "--kb", PAGES, "--update")
    assert "the file changed in the meantime" in told.stdout
    assert (told.exit_code, Path(file).read_text()) == (1, HEAD + now)


COMMENT = "a comment in these lines would be lost"
LEFT = {
    "a comment in the line": ("expect:\n  fired:\n    - a-cough\n    - flu-for-sure  # why\n", COMMENT),
    "a comment in brackets": ("expect:\n  fired: [a-cough, # one\n    flu-for-sure]\n", COMMENT),
    "a comment in what goes": (
        "expect:\n  findings: [coughing]\n  fired:\n    # all of them\n    - flu-for-sure\n",
        COMMENT,
    ),
    "nothing left": (
        "expect: {fired: [flu-for-sure]}",
        "it would expect nothing any more: write new expectations",
    ),
    "nothing left that must be": (
        "expect: {fired: [flu-for-sure]}\nexpect_not: {fired: [an-old-cough]}",
        "it would expect nothing any more: write new expectations",
    ),
    "nothing left on either side": (
        "expect: {fired: [flu-for-sure]}\nexpect_not: {fired: [a-cough]}",
        "it would expect nothing any more: write new expectations",
    ),
    "misspelt": ("expect: {fired: [a_cough]}", "it expects an unknown name: correct the name"),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_alone(name: str, run: Run, tmp_path: Path) -> None:
    text, why = LEFT[name]
    (tmp_path / "cases.yaml").write_text(HEAD + text)
    told = run("test", "cases.yaml", "--kb", PAGES, "--update")
    assert (tmp_path / "cases.yaml").read_text() == HEAD + text
    assert f"not rewritten:\n  cases.yaml:1: x: {why}\n" in told.stdout
    assert told.exit_code == 1
    assert told.stdout.splitlines()[-1] == "1 case: 1 failed"


def test_a_misspelt_word_stays_beside_what_changes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cases.yaml").write_text(f"{HEAD}expect: {{fired: [a_cough, flu-for-sure, a-cough]}}\n")
    told = run("test", "cases.yaml", "--kb", PAGES, "--update")
    assert (tmp_path / "cases.yaml").read_text() == f"{HEAD}expect: {{fired: [a_cough, a-cough]}}\n"
    assert told.exit_code == 1
    assert "there is no rule `a_cough`" in told.stdout
    assert told.stdout.splitlines()[-1] == "1 case: 1 rewritten in part"


def test_a_case_marked_todo_is_never_touched(run: Run, tmp_path: Path) -> None:
    text = f"{HEAD}expect: {{fired: [flu-for-sure, a-cough]}}\ntodo: later\n"
    (tmp_path / "cases.yaml").write_text(text)
    told = run("test", "cases.yaml", "--kb", PAGES, "--update")
    assert (tmp_path / "cases.yaml").read_text() == text
    assert told.exit_code == 0


def test_the_change_is_shown_and_a_near_miss_is_pointed_to(run: Run, tmp_path: Path) -> None:
    text = f"{HEAD}expect: {{fired: [a-cough]}}\nexpect_not: {{fired: [a-dry-cough, flu-for-sure]}}\n"
    (tmp_path / "cases.yaml").write_text(text)
    assert run("test", "cases.yaml", "--kb", PAGES, "--update").stdout == (
        "cases.yaml:1: x: rewritten\n"
        "  - fired has `a-dry-cough`, which `expect_not` forbids\n"
        "      rule `a-dry-cough` fired: `cough: dry` holds, because the answer is `dry`"
        f" ({PAGES}:48)\n"
        "\n"
        "--- cases.yaml\n"
        "+++ cases.yaml, rewritten\n"
        "@@ -1,4 +1,4 @@\n"
        " id: x\n"
        " answers: {cough: dry, fever: no}\n"
        " expect: {fired: [a-cough]}\n"
        "-expect_not: {fired: [a-dry-cough, flu-for-sure]}\n"
        "+expect_not: {fired: [flu-for-sure]}\n"
        "look twice: a case now gives what it must not, no longer gives something, or has a lower level:\n"
        "  cases.yaml:1: x: fired has `a-dry-cough`, which `expect_not` forbids\n"
        "\n"
        "1 case: 1 rewritten\n"
    )


def test_a_level_that_falls_is_pointed_to(run: Run, write: Write) -> None:
    higher = write("higher.yaml", f"{HEAD}expect: {{triage: {{level: wait}}}}\n")
    assert "look twice" not in run("test", higher, "--kb", PAGES, "--update").stdout
    lower = write("lower.yaml", f"{HEAD}expect: {{triage: {{by_source: {{A1: {{ceiling: now}}}}}}}}\n")
    told = run("test", lower, "--kb", PAGES, "--update").stdout
    assert "lower.yaml:1: x: triage.by_source.A1.ceiling is `doctor`, expected `now`\n" in told
    assert "look twice" in told


CASE = """
- id: {id}   # näive 😀
  about: "one\\tcase"
  answers: {{cough: dry, fever: no}}
  expect:
    fired: [{fired}]   # ü
  # the end of {id}
"""


def test_many_cases_in_many_files(run: Run, tmp_path: Path) -> None:
    """Lists and documents, a byte order mark, characters of any kind; whoever passes keeps every byte."""
    good, bad = "a-cough", "flu-for-sure, a-cough"
    listed = "".join(CASE.format(id=f"c{at}", fired=bad if at % 3 else good) for at in range(9))
    fired = [f"expect: {{fired: [{each}]}}\n" for each in (good, bad, bad)]
    documents = "---\n".join(f"id: d{at}\nanswers: {{cough: dry}}\n{each}" for at, each in enumerate(fired))
    under = f"cases:\n- {{id: a, answers: {{cough: dry}}, {fired[1].rstrip()}}}\n- {fired[2]}  id: b\n"
    texts = {
        "listed": "\ufeff# cases" + listed.replace("\n", "\r\n"),
        "documents": documents,
        "under": f"{under}  answers: {{cough: dry}}\n",
    }
    (tmp_path / "cases").mkdir()
    for name, text in texts.items():
        (tmp_path / "cases" / f"{name}.yaml").write_bytes(text.encode())
    told = run("test", "cases", "--kb", PAGES, "--update")
    assert told.stdout.splitlines()[-1] == "14 cases: 4 passed, 10 rewritten"
    for name, text in texts.items():
        found = (tmp_path / "cases" / f"{name}.yaml").read_bytes()
        assert found == text.replace("flu-for-sure, ", "").encode()
    assert run("test", "cases", "--kb", PAGES).exit_code == 0


@pytest.mark.parametrize("name", ["cases.json", "cases.jsonl"])
def test_other_files_are_not_rewritten(name: str, run: Run, write: Write, tmp_path: Path) -> None:
    text = '{"id": "x", "answers": {}, "expect": {"fired": ["a-cough"], "open": ["a-cough"]}}'
    told = run("test", write(name, text), "--kb", PAGES, "--update")
    assert (tmp_path / name).read_text() == text
    assert told.exit_code == 1
    assert f"not rewritten:\n  {name}:1: x: only YAML files are rewritten\n" in told.stdout


def test_a_file_that_must_not_be_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{HEAD}expect: {{fired: [flu-for-sure, a-cough]}}\n"
    (tmp_path / "cases.yaml").write_text(text)
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))
    told = run("test", "cases.yaml", "--kb", PAGES, "--update")
    assert told.exit_code == 1
    assert "not rewritten:\n  cases.yaml:1: x: the file is write-protected" in told.stdout
    assert (tmp_path / "cases.yaml").read_text() == text


def test_a_full_disk_leaves_the_file_as_it_was(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{HEAD}expect: {{fired: [flu-for-sure, a-cough]}}\n"
    (tmp_path / "cases.yaml").write_text(text)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    told = run("test", "cases.yaml", "--kb", PAGES, "--update")
    assert told.exit_code == 3
    assert "error[cannot-write]" in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["cases.yaml"]
    assert (tmp_path / "cases.yaml").read_text() == text


def test_a_link_stays_a_link_and_permissions_stay(run: Run, tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text(f"{HEAD}expect: {{fired: [flu-for-sure, a-cough]}}\n")
    real.chmod(0o640)
    (tmp_path / "link.yaml").symlink_to(real)
    assert run("test", "link.yaml", "--kb", PAGES, "--update").exit_code == 0
    assert (tmp_path / "link.yaml").is_symlink()
    assert real.read_text() == f"{HEAD}expect: {{fired: [a-cough]}}\n"
    assert real.stat().st_mode & 0o777 == 0o640


# Any text: what is read afterwards is what was meant, and no word or comment beside it is gone

Tree = str | list["Tree"] | dict[str, "Tree"]


def tree(random: Random, names: Callable[[], str], depth: int) -> Tree:
    """Words in lists and mappings, no word twice."""
    if depth == 0 or random.random() < 0.2:
        return names()
    size = random.randint(1, 4)
    if random.random() < 0.5:
        return [tree(random, names, 0 if random.random() < 0.5 else depth - 1) for _ in range(size)]
    return {names(): tree(random, names, depth - 1) for _ in range(size)}


def in_brackets(value: Tree, random: Random) -> str:
    gap = random.choice(["", " ", "\n          ", " \n\n         "])
    comma = random.choice([", ", ", ", " , ", ",\n         ", ",\n         ", ",  # in brackets\n        "])
    match value:
        case str():
            return random.choice([value, f"'{value}'", f'"{value}"'])
        case list():
            return f"[{gap}{comma.join(in_brackets(each, random) for each in value)}{gap}]"
        case dict():
            inner = (f"{key}: {in_brackets(each, random)}" for key, each in value.items())
            return f"{{{gap}{comma.join(inner)}{gap}}}"


def in_lines(value: Tree, random: Random, indent: str) -> str:
    """A value behind its key or dash, as a block or in brackets, with comments here and there."""
    note = random.choice(["", "", "", "", "", "   # a note", f"\n\n{indent}# a line about it"])
    if isinstance(value, str) or random.random() < 0.3:
        return f" {in_brackets(value, random)}{note}\n"
    inner = indent + " " * random.randint(1, 3)
    if isinstance(value, list):
        lines = [f"{inner}-{in_lines(each, random, inner)}" for each in value]
    else:
        lines = [f"{inner}{key}:{in_lines(each, random, inner)}" for key, each in value.items()]
    starts = isinstance(value, dict) and indent.endswith("-")
    return f"{note}\n" + "".join(lines) if not starts else " " + "".join(lines).lstrip()


def leaves(value: Tree, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    match value:
        case str():
            return [path]
        case list():
            inner = [each for each in value if isinstance(each, str)]
            return [(*path, each) for each in inner]
        case dict():
            return [leaf for key, each in value.items() for leaf in leaves(each, (*path, key))]


def changed(value: Tree, changes: dict[tuple[str, ...], object], path: tuple[str, ...] = ()) -> Tree | None:
    """What is meant; None where nothing is left."""
    match value:
        case str():
            return changes.get(path, value)
        case list():
            kept = [changed(e, changes, (*path, e) if isinstance(e, str) else ("no", "path")) for e in value]
            return [each for each in kept if each is not None] or None
        case dict():
            inner = {key: changed(each, changes, (*path, key)) for key, each in value.items()}
            return {key: each for key, each in inner.items() if each is not None} or None


@given(st.randoms(use_true_random=False), st.sampled_from(["\n", "\r\n"]))
def test_any_text(random: Random, end: str) -> None:
    numbers = count()
    root = {f"k{next(numbers)}": tree(random, lambda: f"w{next(numbers)}", 3) for _ in range(3)}
    text = "".join(f"{key}:{in_lines(each, random, '')}" for key, each in root.items()).replace("\n", end)
    assert [plain_of(each) for each in read_yaml(text.encode(), "x")[0]] == [root]
    chosen = random.sample(leaves(root), min(random.randint(1, 4), len(leaves(root))))
    changes = {path: None if in_list(root, path) or random.random() < 0.6 else "new" for path in chosen}
    source = written(text)
    try:
        found = edited(
            layout(source)[0], [Change(p, ... if v is None else v) for p, v in changes.items()], source
        )
    except Unedited:
        assert "#" in text
        return
    meant = changed(root, changes)
    assert (None if found.value is ... else found.value) == meant
    if meant is None:
        return
    after = text
    for edit in sorted(found.edits, key=lambda each: -each.start):
        after = after[: edit.start] + edit.text + after[edit.end :]
    assert [plain_of(each) for each in read_yaml(after.encode(), "x")[0]] == [meant]
    assert after.count("#") == text.count("#")
    assert after.count("\n") == after.count(end)


def in_list(root: Tree, path: tuple[str, ...]) -> bool:
    for name in path[:-1]:
        assert isinstance(root, dict)
        root = root[name]
    return isinstance(root, list)
