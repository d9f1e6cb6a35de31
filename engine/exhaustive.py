"""`assert_never` for every Python that cartsign runs on: the type checker proves a `match` complete."""

from typing import NoReturn


def assert_never(value: NoReturn) -> NoReturn:
    """Say that this line cannot be reached; mypy reports a `match` that forgets a case."""
    raise AssertionError(f"unhandled: {value!r}")
