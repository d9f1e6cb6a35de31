"""Ours as people run it: `cartsign assess IN.parquet -o OUT.parquet`, a whole process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .work import Unable


def command(source: Path, target: Path, base: str, *more: str) -> None:
    """Run it, with more options or without."""
    words = ["assess", str(source), "-o", str(target), "--kb", base, *more]
    done = subprocess.run([sys.executable, "-m", "engine", *words], capture_output=True, text=True)
    if done.returncode:
        raise Unable(done.stderr.strip().splitlines()[0] if done.stderr else f"exit code {done.returncode}")
