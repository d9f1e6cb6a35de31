"""Where the knowledge base that comes with cartsign lies: beside the code, or in the installed package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def bundled() -> Path:
    """The folder of the bundled knowledge base."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "setup.cfg").is_file() and (checkout / "kb" / "outcomes.yaml").is_file():
        return checkout / "kb"
    installed = find_spec("cartsign_kb")
    assert installed is not None
    assert installed.submodule_search_locations is not None
    return Path(next(iter(installed.submodule_search_locations)))
