"""How many examples a property is tried on: few among all tests, many with `pytest -m sweep`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import settings

Test = TypeVar("Test", bound=Callable[..., object])

are_asked_for = False
"""Whether this run is one of the sweeps; set before the tests are imported."""


def examples(few: int, many: int) -> Callable[[Test], Test]:
    """Try a property on a few examples, and on many in a sweep."""

    def decorate(test: Test) -> Test:
        return pytest.mark.sweep(few=few)(settings(max_examples=many if are_asked_for else few)(test))

    return decorate
