"""Nothing that anybody has named or written steers a terminal: no ESC, no control, no turned direction."""

from __future__ import annotations

import json
import re

import pytest

TURNED = "a\u202eb\u2066c\u200fd"
"""A knowledge base with worse is refused."""
HOSTILE = "a\x1b[31mb\x9bc\x7fd\u202ee\u2066f\u200fg\u2028h"
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
KB = """\
knowledge_base: {name: %(name)s}
sources: {A: {title: %(name)s}}
claims: {A-1: {source: A, claim: %(name)s, kind: x, modality: states, encodable: yes}}
questions: {fever: {ask: %(name)s, kind: yes_no}}
findings: {ill: %(name)s}
rules:
  a-fever: {when: {fever: yes}, then: {finding: ill}, because: %(name)s, claims: [A-1]}
"""
ONE = {"id": HOSTILE, "about": HOSTILE, "answers": {"fever": True}}
WORDS = [
    ["assess", "one.json"],
    ["assess", "one.json", "--json"],
    ["assess", "one.json", "-o", f"{HOSTILE}.jsonl"],
    ["assess", "many.jsonl", "-o", f"{HOSTILE}.jsonl"],
    ["assess", "many.jsonl", "-o", f"{HOSTILE}.csv"],
    ["assess", "many.jsonl", "-o", f"{HOSTILE}.jsonl", "--report", f"{HOSTILE}.html"],
    ["assess", "many.jsonl", "-o", f"{HOSTILE}.jsonl", "--json"],
    ["assess", "many.jsonl", "--json"],
    ["assess", f"{HOSTILE}.csv"],
    ["check", "kb.yaml"],
    ["check", "kb.yaml", "--json"],
    ["check", f"{HOSTILE}.yaml"],
    ["check", "kb.yaml", "--explain", HOSTILE],
    ["check", "kb.yaml", HOSTILE],
    [HOSTILE],
    ["check", f"--{HOSTILE}"],
    ["check", "--format", HOSTILE],
    ["claims", "kb.yaml"],
    ["claims", "kb.yaml", "A"],
    ["claims", "kb.yaml", "A-1"],
    ["claims", "kb.yaml", "--json"],
    ["claims", "kb.yaml", HOSTILE],
    ["claims", "kb.yaml", "--html", f"{HOSTILE}.html"],
    ["coverage", "kb.yaml", "one.json"],
    ["coverage", "kb.yaml", "one.json", "--rule", HOSTILE],
    ["coverage", "kb.yaml", "one.json", "--json", "--html", f"{HOSTILE}.html"],
    ["explain", "one.json", "--why"],
    ["explain", "one.json", "--json"],
    ["explain", "one.json", "--html", f"{HOSTILE}.html"],
    ["explain", HOSTILE],
    ["graph", "kb.yaml"],
    ["graph", "kb.yaml", "--of", "one.json", "-o", f"{HOSTILE}.mmd"],
    ["graph", "kb.yaml", HOSTILE],
    ["sample", "kb.yaml", "2", "-o", f"{HOSTILE}.csv"],
    ["sample", "kb.yaml", HOSTILE, "-o", "a.csv"],
    ["test", "kb.yaml", "one.json"],
    ["test", "kb.yaml", "one.json", "--json"],
    ["test", "kb.yaml", f"{HOSTILE}.json"],
]


@pytest.fixture
def folder(write):
    write("kb.yaml", KB % {"name": json.dumps(TURNED)})
    write("one.json", json.dumps(ONE))
    write("many.jsonl", "".join(json.dumps({**ONE, "id": f"{HOSTILE}{n}"}) + "\n" for n in range(3)))


@pytest.mark.parametrize("words", WORDS, ids=lambda words: " ".join(words).encode("unicode_escape").decode())
def test_whatever_is_named_or_written(words, folder, run):
    about_cases = words[0] in ("assess", "explain")
    shown = run(*words, *(["--kb", "kb.yaml"] if about_cases else []))
    assert shown.output
    assert "is not used" not in shown.output
    assert not STEERING.search(shown.output)


@pytest.mark.parametrize("file", ["one.json", "many.jsonl"])
def test_json_says_the_same_with_escapes(file, folder, run, write):
    write("one.json", json.dumps({**ONE, "id": "nul\0" + HOSTILE}))
    shown = run("assess", file, "--json", "--kb", "kb.yaml").stdout
    assert "\\u001b[31mb\\u009bc\\u007fd\\u202ee\\u2066f\\u200fg\\u2028h" in shown
    assert HOSTILE in json.loads(shown.splitlines()[0])["id"]
