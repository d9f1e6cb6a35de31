"""Whatever is written, every format says the same, and nothing ends in an exception."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from case_reading import EASED, QUESTIONS, read
from hypothesis import given
from hypothesis import strategies as st
from sweeps import examples

from facts.case import Case
from facts.cases.jsonl import quick_entries
from facts.problem import render
from facts.trees.json_tree import read_json
from facts.trees.tree import Mapping as Tree
from facts.vocabulary import UNKNOWN, Answer

OPTIONS = list(EASED)
COMPLETE = st.fixed_dictionaries({option: st.booleans() for option in OPTIONS})
PARTIAL = st.dictionaries(st.sampled_from(OPTIONS), st.booleans(), min_size=1)
TEXT = st.text(alphabet="ab1 ,;|\t'\"\\é€😀", max_size=12).map(str.strip).filter(bool)


def answers(choices: st.SearchStrategy[dict[str, bool]]) -> st.SearchStrategy[dict[str, Answer]]:
    kinds: dict[str, st.SearchStrategy[Answer]] = {
        "leg_weakness": st.booleans(),
        "walking_effect": st.sampled_from(["begins", "increases"]),
        "eased_by": choices,
        "age": st.integers(0, 120),
        "severity": st.integers(0, 100).map(lambda tenths: tenths / 10),
    }
    return st.fixed_dictionaries({}, optional={name: kind | st.just(UNKNOWN) for name, kind in kinds.items()})


def as_json(answer: Answer) -> object:
    match answer:
        case Mapping() if len(answer) == len(OPTIONS):
            return [option for option, chosen in answer.items() if chosen]
        case _:
            return "unknown" if answer is UNKNOWN else answer


def as_cell(answer: Answer | None) -> str:
    match answer:
        case None:
            return ""
        case bool():
            return "yes" if answer else "no"
        case Mapping():
            return ";".join(option for option, chosen in answer.items() if chosen) or "none"
        case _:
            return "unknown" if answer is UNKNOWN else str(answer)


def as_yaml(answer: Answer) -> str:
    match answer:
        case Mapping():
            return "{" + ", ".join(f"{option}: {as_cell(chosen)}" for option, chosen in answer.items()) + "}"
        case _:
            return as_cell(answer)


def table(rows: list[dict[str, str]], delimiter: str) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


@given(TEXT, TEXT, answers(PARTIAL | COMPLETE), st.sampled_from(",;\t"))
def test_an_answer_is_the_same_in_every_format(
    folder: Path, id: str, about: str, given: dict[str, Answer], delimiter: str
) -> None:
    case = Case(id, given, about)
    plain = {"id": id, "about": about, "answers": {name: as_json(answer) for name, answer in given.items()}}
    for name, text in (
        ("a.jsonl", json.dumps(plain) + "\n" + json.dumps({"answers": {}}, indent=None)),
        ("a.json", json.dumps([plain, {"answers": {}}], indent=1, ensure_ascii=False)),
    ):
        assert read(folder, name, text)[0] == case
    lines = "".join(f"\n  {name}: {as_yaml(answer)}" for name, answer in given.items())
    texts = "".join(f"{key}: {json.dumps(plain[key], ensure_ascii=False)}\n" for key in ("id", "about"))
    assert read(folder, "a.yaml", f"{texts}answers:{lines}\n") == [case]
    row = {"id": id, "about": about} | {name: as_cell(given.get(name)) for name in QUESTIONS}
    eased = given.get("eased_by")
    if not isinstance(eased, Mapping) or len(eased) == len(OPTIONS):
        assert read(folder, "a.csv", table([row], delimiter)) == [case]
    del row["eased_by"]
    cells = eased if isinstance(eased, Mapping) else dict.fromkeys(OPTIONS, eased)
    row |= {f"eased_by.{option}": as_cell(cells.get(option)) for option in OPTIONS}
    assert read(folder, "a.csv", table([row], delimiter)) == [case]


WORD = st.text(max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORD,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORD, inner, max_size=4),
    max_leaves=15,
)


@examples(50, 200)
@given(st.dictionaries(WORD, JSON, max_size=4), st.booleans())
def test_both_json_readers_build_the_same_tree(value: object, is_ascii: bool) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii)
    quick = quick_entries(text)
    if quick is not None:
        ((tree,), problems) = read_json(text.encode("utf-8"), "a.json")
        assert isinstance(tree, Tree)
        assert (tree.entries, problems) == (quick, [])


WORDS = b"id|age|answers|cases|eased_by|unknown|:| |,|;|\"|'|\n|\r|\t|{|}|[|]|- |5|null|NaN|&x|*x|!!|---\n"
PIECES = st.sampled_from([*WORDS.split(b"|"), b"|", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xa8"])


@examples(100, 300)
@given(st.lists(PIECES, max_size=30).map(b"".join) | st.binary(max_size=60))
@pytest.mark.parametrize("suffix", [".yaml", ".json", ".jsonl", ".csv"])
def test_no_bytes_end_in_an_exception(folder: Path, suffix: str, data: bytes) -> None:
    for found in read(folder, f"fuzz{suffix}", data):
        said = [render(problem) for problem in found] if isinstance(found, list) else [found.id]
        assert all(line.encode("utf-8") for line in said)
        assert said
