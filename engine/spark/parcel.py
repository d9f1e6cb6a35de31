"""Serialisation of what is sent to the executors: the knowledge base and the task.

In: any value of cartsign. Out: bytes that are sent with every task (60 KB for the bundled knowledge base),
and on an executor the value again, deserialised once per Python process. Bytes of another version of cartsign
are refused.
"""

from __future__ import annotations

import pickle
import zlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def packed(value: object) -> bytes:
    """The value as bytes."""
    return zlib.compress(pickle.dumps(value))


@lru_cache(maxsize=4)
def unpacked(data: bytes, packed_by: str) -> Any:
    """The value, cached by its bytes; `packed_by` is the version of cartsign on the driver.

    Raises `RuntimeError` if the versions differ.
    """
    here = own_version()
    if here != packed_by:
        message = f"the driver has cartsign {packed_by}, this executor {here}: install the same version"
        raise RuntimeError(message)
    return pickle.loads(zlib.decompress(data))


def own_version() -> str:
    """The installed version of cartsign; `unknown` if its files were copied without installation."""
    try:
        return version("cartsign")
    except PackageNotFoundError:
        return "unknown"
