"""Typical mistakes are found, each by the check or the proof that is there for it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from checking import examined
from mistakes import BUNDLED, SMALL

from engine.checks import CHECKS, findings
from engine.checks.examination import examination
from engine.loading import load, read_knowledge_base
from engine.proofs import PROOFS
from engine.proofs.proving import Proving

KB = Path(__file__).parent.parent / "kb"
CHECKED = {check.id for check in CHECKS}
EACH = {"ids": lambda mistake: mistake.name}


def found(knowledge, by):
    """What is reported under an id, by the checks or by the proofs that can find it."""
    if by in CHECKED:
        return [each for each in findings(knowledge) if each.code == by]
    proofs = [proof for proof in PROOFS if by in proof.kinds or proof.kinds == ("rule-never-fires",)]
    proving = Proving(knowledge)
    results = [result for proof in proofs for result in proof.function(proving)]
    return [each.problem for each in results if each.status == "violated" and each.kind == by]


def is_about(problem, name):
    return f"`{name}`" in f"{problem.message} `{problem.span.source.strip().partition(':')[0].lstrip('- {')}`"


@pytest.mark.parametrize("mistake", SMALL, **EACH)
def test_a_mistake_in_a_small_base_is_found(mistake, tmp_path):
    try:
        knowledge = examined(tmp_path / "kb", mistake.text)
    except Exception:
        problems = read_knowledge_base(tmp_path / "kb")[1]
        assert [each.code for each in problems] == [mistake.found_by]
        return
    problems = found(knowledge, mistake.found_by)
    assert any(is_about(each, mistake.about) for each in problems), [each.message for each in problems]


@pytest.mark.parametrize("mistake", BUNDLED, **EACH)
def test_a_mistake_in_the_bundled_base_is_found(mistake, tmp_path):
    copy = tmp_path / "kb"
    shutil.copytree(KB, copy)
    file = copy / mistake.file
    text = file.read_text(encoding="utf-8")
    assert text.count(mistake.old) == 1
    file.write_text(text.replace(mistake.old, mistake.new), encoding="utf-8")
    knowledge = examination(load(copy), str(copy), None)
    assert any(is_about(each, mistake.about) for each in found(knowledge, mistake.found_by))


def test_without_the_mistake_none_is_found(tmp_path):
    """What all small bases share has nothing of what is looked for in them."""
    common = examined(tmp_path / "kb", "")
    proving = Proving(common)
    results = [result for proof in PROOFS for result in proof.function(proving)]
    assert {each.kind for each in results if each.status == "violated"} <= {"red-flag-without-level"}


def test_there_are_sixty_of_them():
    names = [each.name for each in (*SMALL, *BUNDLED)]
    assert len(names) == len(set(names)) >= 60
