"""Where the knowledge base that comes with cartsign lies: beside the code, or in the installed package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def bundled() -> Path:
    """The folder of the bundled knowledge base."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "setup.cfg").is_file() and (checkout / "kb" / "outcomes.yaml").is_file():
        return checkout / "kb"
    return Path(str(files("cartsign_kb")))
