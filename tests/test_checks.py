"""Every check finds what is bad in its bad example, once, and nothing in its good one."""

from __future__ import annotations

import string

import pytest
from checking import examined, found_in

from engine.checks import CHECKS
from engine.checks.page import PAGES, page_of
from engine.proofs import KINDS

EACH_CHECK = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)


@EACH_CHECK
def test_the_bad_example_has_this_fault_and_no_other(check, tmp_path):
    assert [each.code for each in found_in(tmp_path / "kb", page_of(check.id).bad)] == [check.id]


@EACH_CHECK
def test_what_is_found_is_said_as_everything_is_said(check, tmp_path):
    """In lower case or with a name first, without a full stop, with a remedy, and as no error."""
    (problem,) = found_in(tmp_path / "kb", page_of(check.id).bad)
    assert problem.severity == "warning"
    assert problem.help
    assert problem.message[0] in string.ascii_lowercase + "`"
    assert not problem.help.endswith(".")
    assert not problem.message.endswith(".")


@EACH_CHECK
def test_a_check_changes_nothing_that_it_looks_at(check, tmp_path):
    example = page_of(check.id).bad
    looked_at = examined(tmp_path / "kb", example.text, example.cases)
    assert list(check.function(looked_at)) == list(check.function(looked_at))


def test_every_page_is_that_of_a_check_or_a_proof():
    proved = set(KINDS) - {"property-violated"}
    assert {path.stem for path in PAGES.glob("*")} == {check.id for check in CHECKS} | proved


@EACH_CHECK
def test_the_good_example_has_none(check, tmp_path):
    assert found_in(tmp_path / "kb", page_of(check.id).good) == []
