"""Files that change while they are read, or before a run goes on: no results are ever a mixture."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from io import BytesIO
from itertools import count
from pathlib import Path
from threading import Event

import polars as pl
import pytest
from runs import Silent, csv, done, job, left, small_base
from test_batch_faults import NAMES

from engine.batch.inputs import InputChanged, measured
from engine.batch.journal import Changed, Journal
from engine.batch.run import printed
from facts.tables.segment import RowsLost, Segment

FORMS = ["cases.csv", "cases.jsonl", "cases.parquet", "cases.json"]


def content(suffix: str, ill: str, rows: int = 300) -> bytes:
    """Cases as a file of this kind, of the same size whatever the answer."""
    frame = pl.DataFrame({"id": [f"c{at:03}" for at in range(rows)], "ill": [ill] * rows})
    if suffix == ".csv":
        return ("id,ill\n" + "".join(f"{id},{said}\n" for id, said in frame.rows())).encode()
    if suffix == ".parquet":
        buffer = BytesIO()
        frame.write_parquet(buffer, row_group_size=50, compression="uncompressed", use_pyarrow=False)
        return buffer.getvalue()
    cases = [json.dumps({"id": id, "answers": {"ill": said == "yes"}}).ljust(60) for id, said in frame.rows()]
    return ("\n".join(cases) if suffix == ".jsonl" else f"[{','.join(cases)}]").encode()


def write(path, ill: str, rows: int = 300) -> None:
    path.write_bytes(content(path.suffix, ill, rows))


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr("facts.tables.blocks.SIZE", 700)
    monkeypatch.setattr("facts.files.gathered.MANY", 50)
    monkeypatch.setattr("engine.batch.job.rows_at_a_time", lambda kb, shape: 50)


def changed_in_place(path, rows: int = 300):
    """Written over without being cut: whoever reads pages of a file that are gone is killed (SIGBUS)."""
    with path.open("r+b") as file:
        file.write(content(path.suffix, "no ", rows))


def replaced(path):
    write(path.with_name(f"new{path.suffix}"), "no ")
    os.replace(path.with_name(f"new{path.suffix}"), path)


def with_its_old_time(path, rows: int = 300):
    state = path.stat()
    changed_in_place(path, rows)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def longer(path):
    with path.open("ab") as file:
        file.write(b"\n")


def removed(path):
    path.unlink()


def one_more(path):
    write(path.with_name(f"more{path.suffix}"), "no ", 3)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("change", [changed_in_place, replaced, with_its_old_time, longer, removed, one_more])
def test_an_input_that_changes_ends_the_run_without_results(form, change, small, tmp_path):
    (tmp_path / "day").mkdir()
    write(tmp_path / "day" / form, "yes")
    kb, steps = small_base(tmp_path), count()
    asked = job(kb, tmp_path / "out.csv", tmp_path / "day")
    watch = Silent(lambda: next(steps) == 1 and change(tmp_path / "day" / form))
    with pytest.raises(InputChanged) as caught:
        done(asked, kb, watch)
    assert caught.value.file.startswith(str(tmp_path / "day"))
    assert not NAMES & set(left(tmp_path))


FAILURES = [OSError("torn"), pl.exceptions.PanicException("torn"), RowsLost("cases.parquet", 2, 1)]


def and_printed(asked, kb):
    return list(printed(asked, kb, BytesIO(), Silent()))


@pytest.mark.parametrize("ends", [done, and_printed])
@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(("change", "told"), [(with_its_old_time, InputChanged), (Path.exists, None)])
def test_what_fails_in_a_file_that_changes_is_told_as_its_change(
    ends, error, change, told, tmp_path, monkeypatch
):
    def torn(segment):
        change(tmp_path / "cases.parquet")
        raise error

    write(tmp_path / "cases.parquet", "yes")
    kb = small_base(tmp_path)
    asked = job(kb, tmp_path / "out.csv", tmp_path / "cases.parquet")
    monkeypatch.setattr(Segment, "read", torn)
    with pytest.raises(told or type(error)) as caught:
        ends(asked, kb)
    assert told is None or caught.value.file == str(tmp_path / "cases.parquet")


def broken_off(asked, kb, steps: int = 2) -> None:
    numbers = count(1)

    def breaks():
        if next(numbers) == steps:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        done(asked, kb, Silent(breaks))


@pytest.mark.parametrize("form", FORMS)
def test_a_run_does_not_go_on_with_other_bytes_of_the_same_size_and_time(form, small, tmp_path):
    write(tmp_path / form, "yes")
    kb = small_base(tmp_path)
    asked = job(kb, tmp_path / "out.csv", tmp_path / form)
    broken_off(asked, kb)
    before, size = (tmp_path / form).stat(), (tmp_path / form).stat().st_size
    with_its_old_time(tmp_path / form)
    assert ((tmp_path / form).stat().st_size, (tmp_path / form).stat().st_mtime_ns) == (
        size,
        before.st_mtime_ns,
    )
    with pytest.raises(Changed) as caught:
        done(asked, kb, resume=True)
    assert caught.value.file == str(tmp_path / form)
    assert not NAMES & set(left(tmp_path))


def test_no_step_is_written_for_small_files_of_which_one_changed_before_it_was_hashed(tmp_path, monkeypatch):
    kb, written = small_base(tmp_path), []
    files = [tmp_path / f"{at}.parquet" for at in range(3)]
    for path in files:
        write(path, "yes", 5)
    hashed, add = measured, Journal.add

    def changed_before(file, *given, **options):
        if file == str(files[0]):
            with_its_old_time(files[0], 5)
        return hashed(file, *given, **options)

    monkeypatch.setattr("engine.batch.inputs.measured", changed_before)
    monkeypatch.setattr(Journal, "add", lambda *given: (written.append(1), add(*given)))
    with pytest.raises(InputChanged) as caught:
        done(job(kb, tmp_path / "out.csv", *files), kb)
    assert (caught.value.file, written) == (str(files[0]), [])


@pytest.mark.parametrize("form", FORMS)
def test_a_run_goes_on_with_a_copy_of_the_same_bytes(form, small, tmp_path):
    write(tmp_path / form, "yes")
    kb = small_base(tmp_path)
    asked = job(kb, tmp_path / "out.csv", tmp_path / form)
    done(asked, kb)
    unbroken = left(tmp_path)
    broken_off(asked, kb)
    state = (tmp_path / form).stat()
    (tmp_path / "copy").write_bytes((tmp_path / form).read_bytes())
    os.replace(tmp_path / "copy", tmp_path / form)
    os.utime(tmp_path / form, ns=(state.st_atime_ns, state.st_mtime_ns))
    done(asked, kb, resume=True)
    assert {name: data for name, data in left(tmp_path).items() if name in NAMES} == unbroken


def test_a_change_in_an_earlier_file_is_seen_after_many_others(small, tmp_path):
    kb = small_base(tmp_path)
    files = [tmp_path / f"{at}.{form}" for at, form in enumerate(["json", "yaml", "csv", "json"])]
    for path in files:
        if path.suffix == ".yaml":
            path.write_text("- {id: y, answers: {ill: yes}}\n")
        else:
            write(path, "yes", 60)
    asked = job(kb, tmp_path / "out.csv", *files)
    broken_off(asked, kb, 4)
    state = files[1].stat()
    files[1].write_text("- {id: y, answers: {ill: no }}\n")
    os.utime(files[1], ns=(state.st_atime_ns, state.st_mtime_ns))
    with pytest.raises(Changed):
        done(asked, kb, resume=True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", csv().encode()),
        ("a.csv", b"id,aggge\n" + b"x,1\n" * 900),
        ("a.csv", "id,ill\n".encode("utf-16") * 900),
        ("a.jsonl", b'{"id": "a", "answers": {}}\n{torn'),
        ("a.json", b"[]"),
        ("a.yaml", b"- {id: a, answers: {}}\n" * 9),
        ("a.parquet", b"PAR1" + b"torn" * 900),
        ("a.csv", b""),
    ],
)
def test_the_manifest_has_the_checksum_of_all_bytes(name, data, small, tmp_path):
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.csv").write_text(csv(bad=False))
    kb = small_base(tmp_path)
    done(job(kb, tmp_path / "out.csv", tmp_path / name, tmp_path / "good.csv"), kb)
    said = json.loads((tmp_path / "out.csv.manifest.json").read_text())["inputs"]
    for each in said:
        content = (tmp_path / each["file"]).read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(content), sha256(content).hexdigest())
    assert len(said) == 2


def test_a_file_that_is_hashed_aside_is_left_where_the_run_ends(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.batch.inputs.READ_AT_ONCE", 10)
    (tmp_path / "file").write_bytes(b"x" * 30)
    stop = Event()
    assert measured(str(tmp_path / "file"), stop=stop)["bytes"] == 30
    stop.set()
    assert measured(str(tmp_path / "file"), stop=stop)["bytes"] == 0


def test_the_command_says_which_file_changed(run, write, tmp_path, monkeypatch):
    file, add = write("cases.csv", "id,age\n" + "x,5\n" * 20), Journal.add

    def changing(*given):
        add(*given)
        longer(tmp_path / file)

    monkeypatch.setattr(Journal, "add", changing)
    shown = run("assess", file, "-o", "out.csv")
    assert (shown.exit_code, "error[input-changed]: `cases.csv` changed" in shown.stderr) == (3, True)
    assert not (tmp_path / "out.csv").exists()
