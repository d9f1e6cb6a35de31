"""Runs beside other people's things: nothing is written through a link, and nobody else reads answers."""

from __future__ import annotations

import os
import stat

import pytest
from runs import Silent, csv, done, job, left, small_base
from test_batch_faults import NAMES

from engine.batch.placing import InTheWay

HIDDEN = (".out.csv.part", ".out.csv.rejects.jsonl.part", ".out.csv.journal", ".out.csv.manifest.json.part")


@pytest.fixture
def asked(tmp_path):
    kb = small_base(tmp_path)
    (tmp_path / "cases.csv").write_text(csv())
    return job(kb, tmp_path / "out.csv", tmp_path / "cases.csv"), kb


def modes(folder) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if "out." in path.name}


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("how", [os.symlink, os.link])
def test_a_hidden_file_that_leads_elsewhere_is_not_written_to(name, resume, how, asked, tmp_path):
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "victim").chmod(0o640)
    how(tmp_path / "victim", tmp_path / name)
    with pytest.raises(OSError, match=r"this is a link|a second name") as caught:
        done(*asked, resume=resume)
    assert caught.value.filename == str(tmp_path / name)
    assert (tmp_path / "victim").read_text() == "precious"
    assert stat.S_IMODE((tmp_path / "victim").stat().st_mode) == 0o640
    assert not NAMES & set(left(tmp_path))
    (tmp_path / name).unlink()
    done(*asked, resume=resume)
    assert set(left(tmp_path)) == NAMES


def test_a_hidden_file_of_somebody_else_is_not_written_to(asked, tmp_path, monkeypatch):
    (tmp_path / ".out.csv.part").write_text("")
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(OSError, match="belongs to somebody else"):
        done(*asked)


def test_a_pipe_with_the_name_of_a_hidden_file_holds_nobody_up(asked, tmp_path):
    os.mkfifo(tmp_path / ".out.csv.part")
    with pytest.raises(OSError, match="this is not a regular file"):
        done(*asked)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_all_files_of_a_run_have_the_permissions_of_its_results(mode, asked, tmp_path):
    (tmp_path / "out.csv").write_text("earlier")
    (tmp_path / "out.csv").chmod(mode)
    meanwhile = []
    done(*asked, Silent(lambda: meanwhile.append(modes(tmp_path))))
    assert modes(tmp_path) == dict.fromkeys(NAMES, mode)
    assert {each[name] for each in meanwhile for name in HIDDEN[:3]} == {0o600}


def test_new_results_have_the_usual_permissions(asked, tmp_path):
    before = os.umask(0o027)
    try:
        done(*asked)
    finally:
        os.umask(before)
    assert modes(tmp_path) == dict.fromkeys(NAMES, 0o640)


def test_results_that_were_set_aside_are_as_private_as_they_were(asked, tmp_path):
    done(*asked)
    (tmp_path / "out.csv").chmod(0o600)
    (tmp_path / "out.csv").rename(tmp_path / "out.csv.earlier")
    done(*asked)
    assert {name: mode for name, mode in modes(tmp_path).items() if name in NAMES} == dict.fromkeys(
        NAMES, 0o600
    )


@pytest.mark.parametrize("name", [*sorted(NAMES), "out.csv.earlier", "out.csv.manifest.json.earlier"])
def test_a_folder_in_the_way_is_found_before_anything_is_done(name, asked, tmp_path):
    (tmp_path / name).mkdir()
    with pytest.raises(InTheWay, match="this run needs the name of this folder for a file"):
        done(*asked)
    assert {path.name for path in tmp_path.glob("*out.*")} == {name}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_link_in_the_place_of_results_is_found_before_anything_is_done(name, asked, tmp_path):
    (tmp_path / "victim").write_text("precious")
    (tmp_path / name).symlink_to("victim")
    with pytest.raises(InTheWay, match="this is a link"):
        done(*asked)
    assert (tmp_path / "victim").read_text() == "precious"
    assert (tmp_path / name).is_symlink()
