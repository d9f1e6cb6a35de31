"""Every check finds what is bad in its bad example, once, and nothing in its good one."""

from __future__ import annotations

import pytest
from checking import found_in

from engine.checks import CHECKS
from engine.checks.page import page_of

EACH_CHECK = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)


@EACH_CHECK
def test_the_bad_example_has_this_fault_and_no_other(check, tmp_path):
    assert [each.code for each in found_in(tmp_path / "kb", page_of(check.id).bad)] == [check.id]


@EACH_CHECK
def test_the_good_example_has_none(check, tmp_path):
    assert found_in(tmp_path / "kb", page_of(check.id).good) == []
