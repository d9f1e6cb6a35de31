"""What travels to the executors, as bytes: the knowledge base, and what to do.

In: any value of ours. Out: bytes that go along with every task (the bundled knowledge base is 60 KB of them),
and on an executor the value again, which every Python process there makes once. Bytes of another version of
cartsign are not read.
"""

from __future__ import annotations

import pickle
import zlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def packed(value: object) -> bytes:
    """The value as it travels."""
    return zlib.compress(pickle.dumps(value))


@lru_cache(maxsize=4)
def unpacked(data: bytes, packed_by: str) -> Any:
    """The value, the same for the same bytes. `packed_by` is the driver's version of cartsign."""
    here = own_version()
    if here != packed_by:
        message = f"the driver has cartsign {packed_by}, this executor {here}: install the same version"
        raise RuntimeError(message)
    return pickle.loads(zlib.decompress(data))


def own_version() -> str:
    """The version of cartsign here; `unknown` where it came as files and was not installed."""
    try:
        return version("cartsign")
    except PackageNotFoundError:
        return "unknown"
