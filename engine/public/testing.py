"""The cases of a knowledge base as tests of pytest: `test_case = cases_of("kb")`. It needs pytest."""

from engine.casetest.pytest_cases import cases_of

__all__ = ["cases_of"]
