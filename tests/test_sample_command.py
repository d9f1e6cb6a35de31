"""`cartsign sample`: random cases in a file, in every form that `assess` reads."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from test_sample import BASE

from engine.loading.population import population_in
from engine.sampling.files import write_parquet
from engine.sampling.sample import sample, slices
from facts.case import Case
from facts.files.cases import read_cases
from facts.tables.canonical import canonical
from facts.tables.frame import cases_of

GOLDEN = Path(__file__).parent / "golden" / "sample"
TEXTS = ("csv", "jsonl", "yaml")


@pytest.fixture
def base(write):
    return write("base.yaml", BASE)


@pytest.fixture(scope="module")
def kb(read):
    return read(BASE)


@pytest.mark.parametrize("form", TEXTS)
def test_the_first_cases(form, run, base, request):
    shown = run("sample", "4", "-o", f"cases.{form}", "--kb", base)
    assert (shown.exit_code, shown.output) == (0, f"4 cases in cases.{form}\n")
    golden = GOLDEN / f"cases.{form}"
    if request.config.getoption("--update-golden", default=False):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(Path(f"cases.{form}").read_bytes())
    assert Path(f"cases.{form}").read_text() == golden.read_text()


@pytest.mark.parametrize("form", TEXTS)
def test_what_is_written_is_what_was_drawn(form, run, base, kb):
    run("sample", "300", "-o", f"cases.{form}", "--kb", base, "--seed", "9")
    read = list(read_cases([f"cases.{form}"], kb.questions))
    assert read == list(cases_of(sample(kb, 300, seed=9), kb.questions))


def test_parquet_has_a_type_for_each_column(run, base):
    run("sample", "3", "-o", "cases.parquet", "--kb", base)
    assert pl.read_parquet_schema("cases.parquet") == {
        "id": pl.String,
        "fast": pl.Boolean,
        "weak": pl.Boolean,
        "onset": pl.Enum(["rapid", "gradual"]),
        "signs.fever": pl.Boolean,
        "signs.chills": pl.Boolean,
        "hours": pl.Int32,
        "degrees": pl.Float64,
        "silent": pl.Boolean,
    }


def test_parquet_has_all_that_was_drawn_but_who_does_not_know(run, base, kb):
    run("sample", "300", "-o", "cases.parquet", "--kb", base)
    drawn = sample(kb, 300).with_columns(pl.col("^.*[?]$") & False)
    assert canonical(pl.read_parquet("cases.parquet"), kb.questions).equals(drawn)


def test_codes_are_read_as_what_they_mean(run, base, kb):
    run("sample", "300", "-o", "codes.parquet", "--kb", base, "--codes")
    run("sample", "300", "-o", "cases.parquet", "--kb", base)
    codes, cases = (pl.read_parquet(f"{name}.parquet") for name in ("codes", "cases"))
    assert codes["weak"].dtype == codes["signs.fever"].dtype == pl.UInt8
    assert canonical(codes, kb.questions).equals(canonical(cases, kb.questions))


def test_cases_are_drawn_slice_by_slice(kb):
    whole = sample(kb, 1_000)
    assert pl.concat(slices(kb, 1_000, size=300)).equals(whole)
    assert sample(kb, 10, start=500).equals(whole.slice(500, 10))
    assert [each.height for each in slices(kb, 7, size=3)] == [3, 3, 1]


@pytest.mark.parametrize("form", [*TEXTS, "parquet"])
def test_the_same_seed_gives_the_same_bytes(form, run, base):
    for name, seed in (("one", "5"), ("two", "5"), ("other", "6")):
        run("sample", "2000", "-o", f"{name}.{form}", "--kb", base, "--seed", seed)
    one, two, other = (Path(f"{name}.{form}").read_bytes() for name in ("one", "two", "other"))
    assert one == two != other


def test_parquet_of_several_slices_has_the_same_bytes_each_time(kb, tmp_path):
    """Slices meet the row groups of the file at other places than where they end."""
    for name in ("one", "two"):
        write_parquet(slices(kb, 10_000, size=777), kb.questions, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert pl.read_parquet(tmp_path / "one")["id"].to_list() == sample(kb, 10_000)["id"].to_list()


@pytest.mark.parametrize(("share", "low", "high"), [("0", 0, 0), ("60%", 0.5, 0.7), ("1", 1, 1)])
def test_a_share_of_the_questions_is_left_open(share, low, high, run, base):
    run("sample", "2000", "-o", "cases.parquet", "--kb", base, "--unanswered", share)
    weak = pl.read_parquet("cases.parquet")["weak"]
    assert low <= weak.null_count() / 2000 <= high


def test_numbers_with_marks_between_the_digits(run, base):
    assert run("sample", "1_000", "-o", "cases.csv", "--kb", base).output == "1,000 cases in cases.csv\n"
    assert run("sample", "1,000", "-o", "cases.csv", "--kb", base).output == "1,000 cases in cases.csv\n"


SHARES = "is not a share: write a number from 0 to 1, or from 0% to 100%"
ENDINGS = "name a file that ends in `.parquet`, `.csv`, `.jsonl`, `.yaml`"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["many", "-o", "a.csv"], "`many` is not a number of cases: write a whole number from 1 to"),
        (["0", "-o", "a.csv"], "`0` is not a number of cases"),
        (["1.5", "-o", "a.csv"], "`1.5` is not a number of cases"),
        (["-3", "-o", "a.csv"], "-3"),
        (["9" * 30, "-o", "a.csv"], "is not a number of cases"),
        (["²", "-o", "a.csv"], "`²` is not a number of cases"),
        (["3"], "-o"),
        (["3", "-o", "a.csv", "--seed", "x"], "`x` is not a seed: write a whole number from 0"),
        (["3", "-o", "a.csv", "--unanswered", "35"], f"`35` {SHARES}"),
        (["3", "-o", "a.csv", "--unanswered", "nan"], f"`nan` {SHARES}"),
        (["3", "-o", "a.xlsx"], "a.xlsx: error[output-kind]: cases are written as Parquet, CSV, JSON lines"),
        (["3", "-o", "a.xlsx"], ENDINGS),
        (["3", "-o", "a.csv", "--codes"], "a.csv: error[no-codes]: `--codes` needs a Parquet file"),
        (["3", "-o", ""], "-o: error[output-kind]"),
        (
            ["3", "-o", "nowhere/a.csv"],
            "nowhere/a.csv: error[output-place]: the folder for this file does not exist",
        ),
        (["3", "-o", "base.yaml"], "base.yaml: error[output-is-input]"),
        (["3", "-o", "a.csv", "--kb", "nowhere"], "nowhere: error[file-missing]"),
    ],
)
def test_what_cannot_be_done_is_said(words, said, run, base):
    words = words if "--kb" in words else [*words, "--kb", base]
    shown = run("sample", *words)
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert not Path("a.csv").exists()


PEOPLE = """
population:
  about: those whom we expect
  answers: {weak: 50}
  groups:
    usual: {share: 60, about: the usual, answers: {hours: [{from: 0, to: 9, share: 100}]}}
    feverish: {share: 40, about: those with signs, answers: {signs: {fever: 90}}}
"""


@pytest.mark.parametrize(("form", "key"), [("jsonl", "about"), ("yaml", "about"), ("csv", "group")])
def test_people_have_the_group_that_they_were_drawn_for(form, key, run, write, base, kb):
    people = write("people.yaml", PEOPLE)
    shown = run("sample", "300", "-o", f"out.{form}", "--kb", base, "--population", people)
    assert (shown.exit_code, shown.output) == (0, f"300 cases in out.{form}\n")
    drawn = sample(kb, 300, shares=population_in(Path(people), kb)[0])
    cases = [
        each for each in read_cases([f"out.{form}"], kb.questions, carry=["group"]) if isinstance(each, Case)
    ]
    assert [each.answers for each in cases] == [each.answers for each in cases_of(drawn, kb.questions)]
    groups = [each.about if key == "about" else each.carried["group"] for each in cases]
    assert groups == drawn["group"].to_list()


def test_a_group_can_be_kept(run, write, base):
    people = write("people.yaml", PEOPLE)
    run("sample", "300", "-o", "cases.parquet", "--kb", base, "--population", people, "--codes")
    shown = run("assess", "cases.parquet", "-o", "out.parquet", "--kb", base, "--keep", "group")
    assert (shown.exit_code, shown.stderr) == (0, "")
    cases, results = (pl.read_parquet(f"{name}.parquet") for name in ("cases", "out"))
    assert results["group"].cast(pl.String).equals(cases["group"].cast(pl.String))
    assert set(results["group"]) == {"usual", "feverish"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--population", "people.yaml", "-o", "people.yaml"], "people.yaml: error[output-is-input]"),
        (["--population", "people.yaml", "--unanswered", "0.5"], "--unanswered: error[no-unanswered]"),
        (["--population", "poeple.yaml"], "poeple.yaml: error[file-missing]"),
        (["--population", "base.yaml"], "base.yaml: error[no-population]: there is no section `population`"),
        (
            ["--population", "wrong.yaml"],
            "wrong.yaml:4:13: error[unknown-question]",
        ),
        (["--population", "wrong.yaml"], "the population has 1 problem and is not used"),
    ],
)
def test_what_is_wrong_with_a_population_is_said(words, said, run, write, base):
    write("people.yaml", PEOPLE)
    write("wrong.yaml", PEOPLE.replace("weak", "weka"))
    shown = run("sample", "3", "--kb", base, *words, *([] if "-o" in words else ["-o", "a.csv"]))
    assert shown.exit_code == 2
    assert said in shown.stderr
    assert not Path("a.csv").exists()
    assert Path("people.yaml").read_text() == PEOPLE


def test_a_base_without_questions(run, write):
    write("base.yaml", "knowledge_base: {name: empty, version: 1}\n")
    run("sample", "2", "-o", "cases.jsonl", "--kb", "base.yaml")
    assert Path("cases.jsonl").read_text() == (
        '{"id":"sample-1","answers":{}}\n{"id":"sample-2","answers":{}}\n'
    )


def small_disk() -> None:
    """No file may grow beyond a hundred thousand bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


@pytest.mark.parametrize("form", [*TEXTS, "parquet"])
def test_a_disk_that_takes_no_more_is_said_and_leaves_nothing(form, base, tmp_path):
    command = [sys.executable, "-m", "engine", "sample", "90000", "-o", f"cases.{form}", "--kb", base]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, preexec_fn=small_disk)
    assert done.returncode == 3
    assert done.stderr.startswith(f"cases.{form}: error[cannot-write]: file too large\n")
    assert [path.name for path in tmp_path.iterdir()] == ["base.yaml"]
