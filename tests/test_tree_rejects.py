"""Invalid cases of YAML and JSON: each reject holds the case as it was written, and nothing more."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from test_segments import WANTED, whole

from facts.files.segments import segments

ONE, OTHER = '{"id": "a",  "answers": {"age": 500}}', '{"id": "b", "answers": {"eased_by": ["é"]}}'
TREES = {
    "one line": ("f.json", f"[{ONE}, {OTHER}]", [ONE, OTHER]),
    "a BOM, and a list under a name": ("f.json", f'\ufeff{{"cases": [\n {ONE},\n{OTHER}]}}', [ONE, OTHER]),
    "no case": ("f.json", f'[{ONE}, "]}}", 5]', [ONE, '"]}"', "5"]),
    "a key twice": ("f.json", '[{"answers": {},\n "answers": {}}]', ['{"answers": {},\n "answers": {}}']),
    "one line of YAML": ("f.yaml", "[{answers: {age: 500}}, {answers: {eased_by: [x]}}]\n",
                         ["{answers: {age: 500}}", "{answers: {eased_by: [x]}}"]),
    "a list of YAML": (
        "f.yaml",
        "- id: a\n  answers:\n    age: 500\n\n-   answers: {age: -1}\n- {answers: {eased_by: [x]}}\n",
        ["id: a\n  answers:\n    age: 500", "answers: {age: -1}", "{answers: {eased_by: [x]}}"],
    ),
    "documents of YAML": (
        "f.yaml",
        "answers:\r\n  age: 500\r\n---\r\n- answers: {age: 501}\r\n---\r\nanswers: {age: 502}\r\n...\r\n",
        ["answers:\r\n  age: 500", "answers: {age: 501}", "answers: {age: 502}"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TREES)
def test_the_reject_of_a_case_has_all_of_it_and_nothing_of_its_neighbours(kind, tmp_path):
    name, text, cases = TREES[kind]
    (tmp_path / name).write_bytes(text.encode())
    rejects = list(whole(segments([str(tmp_path / name)], WANTED, BytesIO())).rejects)
    assert [each.content for each in rejects] == cases


def test_the_file_of_rejects_grows_with_the_cases_alone(tmp_path):
    """The line of each of them, where all stand in one, would be a gigabyte of 5,000 cases."""
    for number in (100, 800):
        cases = [{"id": f"a{at:03}", "answers": {"age": 500}} for at in range(number)]
        (tmp_path / "f.json").write_text(json.dumps(cases))
        rejects = whole(segments([str(tmp_path / "f.json")], WANTED, BytesIO())).rejects
        written = sum(len(line) for each in rejects for line in [each.to_json()])
        assert 200 < written / number < 400
