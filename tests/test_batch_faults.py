"""Each thing that a run does to the disk fails once, in turn: then the run goes on, and nothing is lost."""

from __future__ import annotations

import errno
import io
import os

import pytest
from runs import csv, done, job, left, small_base

NAMES = {"out.csv", "out.csv.manifest.json", "out.csv.rejects.jsonl"}
ASIDE = {f"{name}.earlier" for name in NAMES}


class Faults:
    """Lets the `number`-th thing fail that is done to a file of the run; `said` is what was done."""

    def __init__(self, number: int) -> None:
        self.number, self.kinds, self.said = number, [], ""

    def passes(self, what: str) -> None:
        self.kinds.append(what)
        if len(self.kinds) == self.number + 1:
            self.said = what
            raise OSError(errno.EIO, "Input/output error")


class File(io.BufferedRandom):
    """An open file of a run, of which writing and closing may fail."""

    faults: Faults

    def write(self, data) -> int:
        self.faults.passes("write")
        return super().write(data)

    def flush(self) -> None:
        if not self.closed:
            self.faults.passes("flush")
        super().flush()

    def truncate(self, size=None) -> int:
        self.faults.passes("truncate")
        return super().truncate(size)

    def close(self) -> None:
        is_open = not self.closed
        super().close()
        if is_open:
            self.faults.passes("close")


@pytest.fixture
def failing(monkeypatch):
    """Lets something fail: what the system is asked for by name, or of an open file."""

    def set_up(patched: pytest.MonkeyPatch, number: int) -> Faults:
        faults = Faults(number)
        opened = []

        def wrapped(name: str, is_meant):
            real = getattr(os, name)

            def call(*given, **named):
                if is_meant(*given):
                    faults.passes(name)
                result = real(*given, **named)
                if name == "open" and is_meant(*given):
                    opened.append(result)
                return result

            patched.setattr(os, name, call)

        def of_the_run(path, *_):
            return "out." in str(path)

        def fdopen(handle, mode):
            file = File(io.FileIO(handle, "r+"))
            file.faults = faults
            file.seek(0, os.SEEK_END)
            return file

        for name in ("open", "replace", "unlink"):
            wrapped(name, of_the_run)
        for name in ("fsync", "fchmod"):
            wrapped(name, lambda *_: True)
        patched.setattr(os, "fdopen", fdopen)
        return faults

    return set_up


EVERY = [(True, 3), (False, 3)]
ALL = [pytest.param(is_first, 1, marks=pytest.mark.sweep) for is_first in (True, False)]


@pytest.mark.parametrize(("is_first", "every"), [*EVERY, *ALL])
def test_whatever_fails_once_costs_nothing(is_first, every, failing, tmp_path, monkeypatch):
    """Among all tests the first of each kind and some of the others fail, in the sweep all."""
    monkeypatch.setattr("facts.tables.blocks.SIZE", 1_500)
    kb, out = small_base(tmp_path), tmp_path / "out.csv"
    (tmp_path / "cases.csv").write_text(csv())
    (tmp_path / "before.csv").write_text(csv(1_000, 20))
    asked, before = job(kb, out, tmp_path / "cases.csv"), job(kb, out, tmp_path / "before.csv")
    done(before, kb)
    earlier = left(tmp_path)
    done(asked, kb)
    unbroken = left(tmp_path)
    assert set(unbroken) == set(earlier) == NAMES

    def anew() -> None:
        for path in tmp_path.glob("*out.*"):
            path.unlink()
        for name, data in ({} if is_first else earlier).items():
            (tmp_path / name).write_bytes(data)

    anew()
    with monkeypatch.context() as patched:
        kinds = failing(patched, -1).kinds
        done(asked, kb)
    failed = []
    for number in (at for at, kind in enumerate(kinds) if kinds[:at].count(kind) % every == 0):
        anew()
        with monkeypatch.context() as patched:
            faults = failing(patched, number)
            try:
                done(asked, kb)
            except OSError:
                pass
            else:
                assert {name: data for name, data in left(tmp_path).items() if name in NAMES} == unbroken
                assert faults.said
                continue
        failed.append(faults.said)
        found = left(tmp_path)
        assert not NAMES & set(found), f"{faults.said} {number}"
        kept = {name.removesuffix(".earlier"): data for name, data in found.items() if name in ASIDE}
        assert all(earlier[name] == data for name, data in kept.items()), f"{faults.said} {number}"
        assert is_first or "out.csv" in kept or failed[-1] in ("replace", "fsync", "unlink", "open")
        done(asked, kb, resume=True)
        ended = {name: data for name, data in left(tmp_path).items() if name not in ASIDE}
        assert ended == unbroken, f"{faults.said} {number}"
    assert {"open", "write", "flush", "truncate", "fsync", "replace", "close", "fchmod"} <= set(failed)
    assert len(failed) > 40 // every
