"""Whatever a base and the cases say, every command ends in words and with an exit code of the table.

Bases are drawn, or are those of the tests and the bundled one with damage. Most still load, so that what is
behind the loader is reached as well. Each is given to every command, with options that are drawn.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from generators import OPTIONS, SUPPORT, Dice, bases_with_cases
from hypothesis import given, settings
from hypothesis import strategies as st
from test_loader_fuzz import JUNK, changes

from engine.commands import main
from engine.commands.group import NAMES
from engine.commands.rename import KINDS

TESTS = Path(__file__).parent
WHOLE = {path.name: path for path in (TESTS / "bases" / "wells-dvt", TESTS / "bases" / "ottawa-ankle")}
BUNDLED = {"kb": TESTS.parent / "kb"}
CODES = range(5)
NAME = re.compile(r"^ {2}([A-Za-z][\w-]*):", re.MULTILINE)
PROBLEM = re.compile(r".*: (?:error|warning|note)\[[a-z-]+\]: \S.*[^.\s]")
BELOW = re.compile(r" +(?:\d+ \|.*|\^+|(?:help|earlier|also in)\b.*)")
ENDING = re.compile(r"[a-z\d`].*|Usage: .*|Try .*|Error: .*|(?:Warning|Aborted)\W.*|")
"""What is said beside problems: a sentence in lower case, or click's words about the command line."""
LARGE = ("cases", "claims")
"""Folders of the bundled base that are not copied: what is behind them is tried by smaller ones."""


@dataclass(frozen=True)
class Tried:
    """A base, the answers of some people, and the seed of what the commands are given."""

    files: dict[str, str]
    people: tuple[dict[str, object], ...]
    calls: tuple[tuple[str, ...], ...]


def texts(folder: Path) -> dict[str, str]:
    paths = (
        path for path in sorted(folder.rglob("*.yaml")) if path.relative_to(folder).parts[0] not in LARGE
    )
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in paths}


TEXTS = {name: texts(folder) for name, folder in (WHOLE | BUNDLED).items()}


@st.composite
def tries(draw: st.DrawFn, bases: tuple[str, ...], calls: int) -> Tried:
    """A base with damage or without, and calls of commands."""
    dice = Dice(draw)
    people: list[dict[str, object]] = [{}]
    match dice.one(bases):
        case "drawn":
            text, people = draw(bases_with_cases(cases=3))
            files = {"base.yaml": text}
        case name:
            files = dict(TEXTS[name])
    for _ in range(dice.one((0, 0, 1, 1, 2))):
        damage(draw, dice, files)
    names = sorted({name for text in files.values() for name in NAME.findall(text)} | {"expect", "id"})
    return Tried(files, tuple(people), tuple(tuple(words(dice, names)) for _ in range(calls)))


def damage(draw: st.DrawFn, dice: Dice, files: dict[str, str]) -> None:
    """Change a file in one place, or a name wherever it stands."""
    name = dice.one(sorted(files))
    lines = files[name].splitlines()
    at, other = (dice.number(0, max(0, len(lines) - 1)) for _ in range(2))
    match dice.one(("line", "swap", "value", "rename", "delete")):
        case "line":
            lines[at : at + 1] = draw(changes(lines[at] if lines else ""))
        case "swap" if lines:
            lines[at], lines[other] = lines[other], lines[at]
        case "value" if lines:
            one, two = lines[at].partition(": "), lines[other].partition(": ")
            lines[at], lines[other] = one[0] + one[1] + two[2], two[0] + two[1] + one[2]
        case "rename":
            known = sorted({each for text in files.values() for each in NAME.findall(text)})
            old, new = dice.one(known or [""]), dice.one([*known, "renamed", "none", "a-b"])
            for each, text in files.items():
                files[each] = re.sub(rf"\b{old}\b", new, text) if old and dice.chance(2) else text
            return
        case _:
            del lines[at : at + dice.number(1, 3)]
    files[name] = "\n".join(lines) + "\n"


# What a command is given


def words(dice: Dice, names: list[str]) -> list[str]:
    """A command with its words; the base in its place, as an option, or now and then the bundled one."""
    command = dice.one(sorted(WORDS))
    given = WORDS[command](dice, names)
    if command in ABOUT_A_BASE and dice.chance(2):
        return [command, "base", *given]
    return [command, *given, *([] if dice.chance(12) else ["--kb", "base"])]


def name_of(dice: Dice, names: list[str]) -> str:
    """A name of the base, perhaps with its kind or its support, or something else."""
    if dice.chance(6):
        return dice.one([*JUNK, "", "nothing-like-it", "rule:", ":", "-"])
    kind = dice.one(("", "", "", "rule:", "finding:", "condition:", "question:", "advice:", "triage:"))
    return kind + dice.one(names) + (f":{dice.one(SUPPORT)}" if dice.chance(8) else "")


def cases(dice: Dice) -> str:
    return dice.one(
        (
            "cases.jsonl",
            "cases.yaml",
            "cases.csv",
            "cases.json",
            "drawn.parquet",
            "one.yaml",
            "a",
            "nowhere.csv",
        )
    )


def options(dice: Dice, *given: list[str]) -> list[str]:
    """Some of these options, each with its value."""
    return [word for each in given if dice.chance(3) for word in each]


def assessing(dice: Dice, names: list[str]) -> list[str]:
    out = dice.one(("out.jsonl", "out.csv", "out.parquet", "out.txt"))
    keep, level = dice.one([*names, "site"]), dice.one([*names, "expect"])
    several = ["--shape", dice.one(("wide", "full"))], ["--keep", keep], ["--expect", level]
    flags = ["--json"], ["--all"], ["--near-misses"], ["--unique-id"], ["--resume"], ["--formulas"]
    more = ["--audit", str(dice.number(0, 3))], ["--target", dice.one(("experta", "columns"))]
    rest = ["--case", dice.one(("a", "zz"))], ["--map", "map.yaml"], ["--max-rejects", "0"], ["-o", out]
    return [cases(dice), *options(dice, *several, *flags, *more, *rest)]


def checking(dice: Dice, names: list[str]) -> list[str]:
    form = dice.one(("pretty", "compact", "json", "github", "sarif"))
    return options(dice, ["--format", form], ["--explain", name_of(dice, names)], ["--list"])


def claiming(dice: Dice, names: list[str]) -> list[str]:
    some = [dice.one((*names, "S1", "S2", "S1-1", "S3-1"))] if dice.chance(2) else []
    return [*some, *options(dice, ["--json"], ["--html", "claims.html"])]


def covering(dice: Dice, names: list[str]) -> list[str]:
    rule, share = ["--rule", dice.one(names)], ["--threshold", str(dice.number(0, 100))]
    if dice.chance(4):
        deeper = ["--mutate", "--rule", dice.one(names)], ["--mcdc"], ["--write-cases", "."]
        return options(dice, *deeper)
    rest = ["--json"], ["--html", "coverage.html"], ["--all"], ["--red-flags", "50"]
    return [*([cases(dice)] if dice.chance(2) else []), *options(dice, rule, share, *rest)]


def explaining(dice: Dice, names: list[str]) -> list[str]:
    answer = dice.one((*OPTIONS, "yes", "no", "3", "[a]", "[]", "none", "unknown", ""))
    which = ["--case", "a"], ["--row", str(dice.number(1, 4))]
    why = ["--why", name_of(dice, names)], ["--why-not", name_of(dice, names)]
    rest = ["--what-if", f"{dice.one(names)}={answer}"], ["--json"], ["--html", "why.html"], ["--why"]
    proved = ["--flip", name_of(dice, names)], ["--ask"]
    return [cases(dice), *options(dice, *which, *why, *rest, *proved)]


def drawing(dice: Dice, names: list[str]) -> list[str]:
    about = [name_of(dice, names) for _ in range(dice.number(0, 2))]
    out = ["-o", dice.one(("graph.svg", "graph.mmd", "graph.txt"))]
    of = ["--of", cases(dice), *options(dice, ["--row", "1"], ["--case", "a"])]
    return [*about, *options(dice, out, ["--format", dice.one(("svg", "mermaid"))], of, of)]


def drawing_cases(dice: Dice, names: list[str]) -> list[str]:
    out = ["-o", dice.one(("drawn.parquet", "drawn.csv", "drawn.jsonl", "drawn.yaml"))]
    rest = ["--seed", str(dice.number(0, 9))], ["--unanswered", dice.one(("0", "1", "2"))], ["--codes"]
    return [str(dice.number(0, 5)), *out, *options(dice, *rest)]


def trying(dice: Dice, names: list[str]) -> list[str]:
    some = [cases(dice)] if dice.chance(2) else []
    flags = ["--columns"], ["--update"], ["--json"], ["--junit", "report.xml"], ["--case", "a*"]
    return [*some, *options(dice, *flags)]


def proving(dice: Dice, names: list[str]) -> list[str]:
    form = dice.one(("pretty", "compact", "json", "github", "sarif"))
    rest = ["--deep"], ["--write-cases", dice.one((".", "base/cases", "nowhere"))], ["--json"]
    return ["--seconds", "2", *options(dice, ["--format", form], *rest)]


def comparing(dice: Dice, names: list[str]) -> list[str]:
    """The base, or one in which a name is another, against the base."""
    old = dice.one(("base", "other", "base", "nowhere", "HEAD:base"))
    several = ["--cases", cases(dice)], ["--allow-less-urgent", dice.one(names)], ["--all"], ["--json"]
    return [old, "--seconds", "2", *options(dice, *several, ["--format", dice.one(("text", "markdown"))])]


def renaming(dice: Dice, names: list[str]) -> list[str]:
    kind = dice.one((*KINDS, "thing"))
    old, new = (dice.one((dice.one(names), f"{dice.one(names)}.{dice.one(names)}")) for _ in range(2))
    rest = ["--formerly"], ["--dry-run"], ["--cases", cases(dice)], ["--map", "map.yaml"]
    return [kind, *options(dice, *rest), old, dice.one(("renamed", "renamed", "renamed", new))]


WORDS = {
    "assess": assessing,
    "check": checking,
    "claims": claiming,
    "coverage": covering,
    "diff": comparing,
    "explain": explaining,
    "graph": drawing,
    "rename": renaming,
    "sample": drawing_cases,
    "test": trying,
    "verify": proving,
}
ABOUT_A_BASE = ("check", "claims", "coverage", "graph", "test", "verify")


def test_every_command_is_tried():
    """Spark needs a cluster, and has tests of its own."""
    assert {*WORDS} == {*NAMES} - {"spark"}


# What comes of it


def write(tried: Tried, folder: Path) -> None:
    """The base, with the cases in it and beside it, in every form."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in tried.files.items():
        (folder / "base" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "base" / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    rules = NAME.findall("".join(tried.files.values()))[-3:]
    people = [
        {
            "id": "ab"[at % 2] + "c" * (at // 2),
            "about": f"{at}",
            "answers": answers,
            "expect": {"fired": rules[:1]},
        }
        for at, answers in enumerate(tried.people)
    ]
    lines = [json.dumps(each, default=float) for each in people]
    (folder / "cases.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "cases.json").write_text(f"[{', '.join(lines)}]\n")
    (folder / "cases.yaml").write_text("".join(f"- {line}\n" for line in lines))
    (folder / "one.yaml").write_text(f"{lines[0]}\n")
    shutil.copytree(folder / "base", folder / "other")
    for name, text in tried.files.items():
        changed = re.sub(rf"\b{rules[0]}\b", "another", text) if rules else text
        (folder / "other" / name).write_bytes(changed.encode("utf-8", "surrogatepass"))
    (folder / "base" / "cases").mkdir(exist_ok=True)
    (folder / "base" / "cases" / "all.yaml").write_text("".join(f"- {line}\n" for line in lines))
    (folder / "map.yaml").write_text(f"columns: {{site: {rules[0] if rules else 'id'}}}\n")
    named = list(dict.fromkeys(name for answers in tried.people for name in answers))
    rows = [["id", "site", *named]]
    rows += [[each["id"], "here", *(cell(each["answers"].get(name)) for name in named)] for each in people]
    (folder / "cases.csv").write_text("".join(f"{','.join(row)}\n" for row in rows))


def cell(answer: object) -> str:
    match answer:
        case None:
            return ""
        case bool():
            return "yes" if answer else "no"
        case list():
            return ";".join(map(str, answer)) or "none"
        case dict():
            return ";".join(name for name, chosen in answer.items() if chosen) or "none"
        case Decimal():
            return f"{answer:f}"
        case _:
            return str(answer)


def said_wrong(result: Result) -> list[str]:
    """The lines among the errors that are neither problems, nor below one, nor a sentence at the end."""
    lines = result.stderr.splitlines()
    return [line for line in lines if not any(each.fullmatch(line) for each in (PROBLEM, BELOW, ENDING))]


def check(tried: Tried, folder: Path) -> None:
    """Every call of a try ends as a command may end."""
    write(tried, folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        for words in tried.calls:
            result = CliRunner().invoke(main, list(words), input="{}\n")
            ended = result.exception is None or isinstance(result.exception, SystemExit)
            assert ended, (words, result.exc_info)
            assert result.exit_code in CODES, words
            assert not said_wrong(result), words
            assert "Traceback" not in result.output, words
    finally:
        os.chdir(before)


SMALL = ("drawn", "drawn", "drawn", *WHOLE)


@given(tried=tries(SMALL, calls=4))
@settings(max_examples=20)
def test_every_command_ends_in_words_whatever_it_is_given(tried, tmp_path_factory):
    check(tried, tmp_path_factory.getbasetemp() / "commands")


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(2))
def test_every_command_ends_in_words_whatever_it_is_given_swept(part, tmp_path_factory):
    @given(tried=tries((*SMALL, *SMALL, *BUNDLED), calls=6))
    @settings(max_examples=int(os.environ.get("FUZZ", "60")), derandomize=True)
    def swept(tried: Tried) -> None:
        check(tried, tmp_path_factory.getbasetemp() / f"commands-{part}")

    swept()
