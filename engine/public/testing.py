"""The cases of a knowledge base as pytest tests: `test_case = cases_of("kb")`. Requires pytest."""

from engine.casetest.pytest_cases import cases_of

__all__ = ["cases_of"]
