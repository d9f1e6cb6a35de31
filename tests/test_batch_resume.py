"""Runs that are broken off, gone on with, or in the way of each other: nothing is ever lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from threading import Thread

import polars as pl
import pytest
from batch_files import FORMS, MANY, cases, default_base, everything, files, kb, shape, small
from click.testing import CliRunner

from engine.commands import main

__all__ = ["cases", "default_base", "files", "kb", "small"]

ASSESS = [sys.executable, "-m", "engine", "assess", "--kb"]
BROKEN_OFF = "interrupted; to continue, run the same command with `--resume`\n"


@pytest.mark.parametrize("form", FORMS)
def test_a_run_that_is_broken_off_ends_with_the_same_bytes(form, files, run, small, monkeypatch):
    (files / "bad.csv").write_text("id,age\nx,5\ny,five\n")
    words = ("assess", "cases.parquet", "bad.csv", "cases.jsonl", *shape(form))
    run(*words)
    unbroken = everything(files)
    assert len(unbroken) == 3
    for name in unbroken:
        (files / name).unlink()
    from engine.batch.journal import Journal

    add = Journal.add
    for steps in (1, 3):
        numbers = count()

        def broken(self, *given, numbers=numbers, steps=steps):
            if next(numbers) == steps:
                raise KeyboardInterrupt
            add(self, *given)

        with monkeypatch.context() as patched:
            patched.setattr(Journal, "add", broken)
            shown = run(*words, "--resume")
        assert shown.exit_code == 3
        assert "to continue" in shown.stderr
        assert not [name for name in everything(files) if not name.startswith(".")]
    # Whatever was torn meanwhile is done again.
    part = next(path for path in files.glob(".out.*.part") if "rejects" not in path.name)
    part.write_bytes(part.read_bytes()[:-100] if form != "wide.csv" else part.read_bytes() + b"torn")
    assert run(*words, "--resume").exit_code == 1
    assert everything(files) == unbroken


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_goes_on(ending, files, default_base):
    (files / "days").mkdir()
    large = (files / "cases.csv").read_text()
    large += large.partition("\n")[2] * 5
    for day in range(12):
        (files / "days" / f"{day}.csv").write_text(large)
    command = [
        sys.executable,
        "-m",
        "engine",
        "assess",
        "days",
        "-o",
        "out.parquet",
        "--kb",
        str(default_base),
    ]
    process = subprocess.Popen(command, cwd=files, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    journal = files / ".out.parquet.journal"
    until = time.monotonic() + 300
    while not (journal.exists() and len(journal.read_bytes().splitlines()) > 5):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < until, "the run has not begun"
        time.sleep(0.02)
    process.send_signal(ending)
    _, said = process.communicate()
    if ending != signal.SIGKILL:
        assert (process.returncode, said) == (3, BROKEN_OFF.encode())
    assert not (files / "out.parquet").exists()
    done = subprocess.run([*command, "--resume"], cwd=files, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert pl.read_parquet(files / "out.parquet").height == 12 * 6 * MANY
    assert [path.name for path in files.glob(".out*")] == []


def test_a_run_does_not_go_on_as_another(files, run, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("engine.batch.run.document", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            main(["assess", "cases.csv", "-o", "out.csv"], standalone_mode=False)
    os.utime(files / "cases.csv", (1, 1))
    shown = run("assess", "cases.csv", "-o", "out.csv", "--resume")
    assert (shown.exit_code, "error[resume-other]" in shown.stderr) == (2, True)
    assert run("assess", "cases.csv", "-o", "out.csv").exit_code == 0


def test_a_run_with_other_segments_is_not_gone_on_with(files, run, monkeypatch):
    """The journal counts segments: of another size, rows would be lost, or be there twice."""
    for rows in (50, 100):
        monkeypatch.setattr("engine.batch.job.rows_at_a_time", lambda kb, shape, rows=rows: rows)
        with monkeypatch.context() as broken:
            broken.setattr("engine.batch.run.document", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                main(["assess", "cases.parquet", "-o", "out.csv"], standalone_mode=False)
        monkeypatch.setattr("engine.batch.job.rows_at_a_time", lambda kb, shape, rows=rows: 150 - rows)
        shown = run("assess", "cases.parquet", "-o", "out.csv", "--resume")
        assert (shown.exit_code, "error[resume-other]" in shown.stderr) == (2, True)


def test_a_run_beside_the_main_thread(files):
    shown = []
    words = ["assess", str(files / "cases.csv"), "-o", str(files / "out.csv")]
    thread = Thread(target=lambda: shown.append(CliRunner().invoke(main, words)))
    thread.start()
    thread.join()
    assert (shown[0].exit_code, pl.read_csv(files / "out.csv").height) == (0, MANY)


def test_standard_input_that_changed_is_not_gone_on_with(files, small, run):
    lines = (files / "cases.jsonl").read_text().splitlines(keepends=True)
    words = ("assess", "-", "-o", "out.csv", "--max-rejects", "0")
    assert run(*words, stdin="".join([*lines, "{broken\n"])).exit_code == 3
    shown = run(*words, "--resume", stdin="".join(reversed(lines)))
    assert (shown.exit_code, "error[resume-other]" in shown.stderr) == (2, True)


def test_nothing_that_is_read_is_written_over(files, run):
    for name in ("out.csv.rejects.jsonl", "out.csv.manifest.json"):
        data = (files / ("cases.jsonl" if name.endswith("l") else "cases.json")).read_bytes()
        (files / name).write_bytes(data)
        shown = run("assess", name, "-o", "out.csv")
        assert (shown.exit_code, "error[output-is-input]" in shown.stderr) == (2, True)
        assert (files / name).read_bytes() == data
        (files / name).unlink()


def test_two_runs_do_not_write_the_same_file(files, run):
    import fcntl

    with open(files / ".out.csv.journal", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        shown = run("assess", "cases.csv", "-o", "out.csv")
    assert (shown.exit_code, "error[output-busy]" in shown.stderr) == (2, True)


def test_a_disk_that_is_full_is_said_and_the_run_goes_on_later(files, default_base):
    command = [
        sys.executable,
        "-m",
        "engine",
        "assess",
        "cases.csv",
        "-o",
        "out.jsonl",
        "--kb",
        str(default_base),
    ]
    limited = ["bash", "-c", f"ulimit -f 100; trap '' XFSZ; exec {' '.join(command)}"]
    done = subprocess.run(limited, cwd=files, capture_output=True, text=True)
    assert (done.returncode, "error[cannot-write]" in done.stderr) == (3, True), done.stderr
    assert "Traceback" not in done.stderr
    assert not (files / "out.jsonl").exists()
    again = subprocess.run([*command, "--resume"], cwd=files, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert len((files / "out.jsonl").read_text().splitlines()) == MANY
