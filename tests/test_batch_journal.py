"""The journal of a run: whatever is damaged of it, a run goes on from what is whole, to the same bytes."""

from __future__ import annotations

import json
import os

import pytest
from runs import csv, done, job, left, small_base
from test_batch_faults import NAMES

from engine.batch.journal import Changed, Journal

JOURNAL, PART, REJECTS = ".out.csv.journal", ".out.csv.part", ".out.csv.rejects.jsonl.part"


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A run that was broken off before its end, and what it gives where it is not."""
    monkeypatch.setattr("facts.tables.blocks.SIZE", 1_500)
    (tmp_path / "cases.csv").write_text(csv())
    kb = small_base(tmp_path)
    asked = job(kb, tmp_path / "out.csv", tmp_path / "cases.csv")
    done(asked, kb)
    unbroken = left(tmp_path)
    for name in unbroken:
        (tmp_path / name).unlink()
    with monkeypatch.context() as patched:
        patched.setattr("engine.batch.run.document", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            done(asked, kb)
    assert {JOURNAL, PART, REJECTS} == set(left(tmp_path))
    assert (tmp_path / JOURNAL).read_bytes().count(b"\n") > 3
    return asked, kb, unbroken


def damaged(journal: bytes) -> dict[str, bytes]:
    """The same journal with whatever may happen to it."""
    head, first, second, *rest = lines = journal.splitlines(keepends=True)
    other = json.dumps({"start": 0, "end": "5", "rejects": [], "sha256": 1, "counted": 0}).encode()
    return {
        "empty": b"",
        "cut in a line": journal[:-9],
        "no end of line": journal[:-1],
        "zeros": b"\0" * len(journal),
        "no head": b"".join([first, second, *rest]),
        "not text": b"\xff\xfe\n" * 9,
        "a line of JSON": b"".join([head, first, b'{"a": 1}\n', second]),
        "wrong types": b"".join([head, first.partition(b" ")[0], b" ", other, b"\n", second]),
        "a list": b"".join([head, b"[1]\n"]),
        "a line twice": b"".join([head, first, first, second, *rest]),
        "lines in another order": b"".join([head, second, first, *rest]),
        "a line lost": b"".join([head, second, *rest]),
        "only a head": head,
        "the same again": journal * 2,
        **{
            f"a byte of line {at}": b"".join(
                [*lines[:at], each[:80] + bytes([each[80] ^ 1]) + each[81:], *lines[at + 1 :]]
            )
            for at, each in enumerate(lines)
        },
    }


def test_a_damaged_journal_is_as_good_as_its_last_good_line(broken, tmp_path):
    asked, kb, unbroken = broken
    kept = left(tmp_path)
    for what, data in damaged(kept[JOURNAL]).items():
        for name, before in kept.items():
            (tmp_path / name).write_bytes(before)
        (tmp_path / JOURNAL).write_bytes(data)
        done(asked, kb, resume=True)
        assert left(tmp_path) == unbroken, what


@pytest.mark.parametrize("name", [PART, REJECTS])
@pytest.mark.parametrize("how", ["flip", "cut", "longer", "none", "zeros"])
def test_what_was_written_is_read_again_before_a_run_builds_on_it(name, how, broken, tmp_path):
    asked, kb, unbroken = broken
    data = (tmp_path / name).read_bytes()
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    (tmp_path / name).write_bytes(
        {
            "flip": flipped,
            "cut": data[:-10],
            "longer": data + b"more",
            "none": b"",
            "zeros": b"\0" * len(data),
        }[how]
    )
    done(asked, kb, resume=True)
    assert left(tmp_path) == unbroken


def test_segments_that_are_whole_are_not_done_again(broken, tmp_path, monkeypatch):
    asked, kb, _ = broken
    with monkeypatch.context() as patched:
        patched.setattr("engine.batch.work.Worker.work", lambda *_: 1 / 0)
        done(asked, kb, resume=True)
    assert set(left(tmp_path)) >= NAMES


def test_a_run_that_does_not_resume_does_all_of_it_again(broken, tmp_path, monkeypatch):
    asked, kb, unbroken = broken
    with monkeypatch.context() as patched:
        patched.setattr("engine.batch.work.Worker.work", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            done(asked, kb)
    done(asked, kb)
    assert left(tmp_path) == unbroken


def test_after_each_step_all_of_it_is_in_the_files(tmp_path, monkeypatch):
    monkeypatch.setattr("facts.tables.blocks.SIZE", 1_500)
    (tmp_path / "cases.csv").write_text(csv())
    kb = small_base(tmp_path)
    asked, add, sizes = job(kb, tmp_path / "out.csv", tmp_path / "cases.csv"), Journal.add, []

    def watched(journal, *given):
        add(journal, *given)
        entry = journal.entries[-1]
        there = [os.path.getsize(tmp_path / name) for name in (PART, REJECTS)]
        sizes.append(([entry.end, entry.rejects], there))

    monkeypatch.setattr(Journal, "add", watched)
    done(asked, kb)
    assert len(sizes) == 3
    assert all(said == there for said, there in sizes)


def test_a_run_that_was_killed_between_two_names_is_finished(tmp_path, monkeypatch):
    kb = small_base(tmp_path)
    (tmp_path / "cases.csv").write_text(csv())
    (tmp_path / "before.csv").write_text(csv(900, 9))
    asked = job(kb, tmp_path / "out.csv", tmp_path / "cases.csv")
    done(asked, kb)
    unbroken = left(tmp_path)
    real = os.replace
    for steps in range(4):
        done(job(kb, tmp_path / "out.csv", tmp_path / "before.csv"), kb)
        steps_left = iter(range(steps))

        def replace(source, target, steps_left=steps_left):
            if next(steps_left, None) is None:
                raise SystemExit
            real(source, target)

        with monkeypatch.context() as patched:
            # Nothing is put right after a kill.
            patched.setattr("engine.batch.placing.set_aside", lambda *_: None)
            patched.setattr(os, "replace", replace)
            if steps < 3:
                with pytest.raises(SystemExit):
                    done(asked, kb)
                assert not (tmp_path / "out.csv.manifest.json").exists()
        done(asked, kb, resume=True)
        assert left(tmp_path) == unbroken


def test_files_are_on_the_disk_before_they_get_their_names(tmp_path, monkeypatch):
    kb = small_base(tmp_path)
    (tmp_path / "cases.csv").write_text(csv())
    synced, named = set(), []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(handle):
        fsync(handle)
        synced.add(os.fstat(handle).st_ino)

    def watched_replace(source, target):
        named.append((os.path.basename(target), os.stat(source).st_ino in synced))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    done(job(kb, tmp_path / "out.csv", tmp_path / "cases.csv"), kb)
    assert named == [("out.csv.rejects.jsonl", True), ("out.csv", True), ("out.csv.manifest.json", True)]
    assert tmp_path.stat().st_ino in synced


def test_names_are_on_the_disk_before_the_manifest_has_its_own(tmp_path, monkeypatch):
    kb = small_base(tmp_path)
    (tmp_path / "cases.csv").write_text(csv())
    folder, happened = tmp_path.stat().st_ino, []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(handle):
        happened.extend(["folder"] if os.fstat(handle).st_ino == folder else [])
        fsync(handle)

    def watched_replace(source, target):
        happened.append(os.path.basename(target))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    done(job(kb, tmp_path / "out.csv", tmp_path / "cases.csv"), kb)
    at = happened.index("out.csv.manifest.json")
    assert set(happened[:at]) == {"out.csv", "out.csv.rejects.jsonl", "folder"}
    assert (happened[at - 1], happened[at + 1]) == ("folder", "folder")


def test_rejects_of_an_earlier_run_do_not_stay(tmp_path):
    kb = small_base(tmp_path)
    (tmp_path / "cases.csv").write_text(csv())
    (tmp_path / "clean.csv").write_text(csv(bad=False))
    done(job(kb, tmp_path / "out.csv", tmp_path / "cases.csv"), kb)
    done(job(kb, tmp_path / "out.csv", tmp_path / "clean.csv"), kb)
    assert set(left(tmp_path)) == NAMES - {"out.csv.rejects.jsonl"}


def test_ids_of_segments_that_are_done_are_known_to_a_run_that_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("facts.tables.blocks.SIZE", 1_500)
    kb = small_base(tmp_path)
    (tmp_path / "cases.csv").write_text(csv(bad=False) + "c1,50,no\n")
    asked = job(kb, tmp_path / "out.csv", tmp_path / "cases.csv", unique_id=True)
    with monkeypatch.context() as patched:
        patched.setattr("engine.batch.run.document", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            done(asked, kb)
    journal = (tmp_path / JOURNAL).read_bytes().splitlines(keepends=True)
    (tmp_path / JOURNAL).write_bytes(b"".join(journal[:2]))
    assert done(asked, kb, resume=True).counts.codes == {"duplicate-id": 1}


def test_a_journal_of_another_run_is_not_gone_on_with(broken):
    asked, kb, _ = broken
    with pytest.raises(Changed):
        done(job(kb, asked.out, *map(asked.out.with_name, ["cases.csv"]), seed=1), kb, resume=True)
