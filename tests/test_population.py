"""People drawn from a population: shares are met, groups and gates hold, a seed gives the same people."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import polars as pl
import pytest

from engine.loading import load, read_knowledge_base
from engine.loading.population import population_in
from engine.sampling.sample import sample, slices
from facts.problem import Rejected, render
from facts.tables.canonical import canonical

BUNDLED = Path(__file__).parent.parent / "kb"
BASE = """
knowledge_base: {name: to draw from, version: 1}
questions:
  why: {ask: why, kind: choice, options: {walk: walk, fall: fall}, asked_when: {finding: ill}}
  effect: {ask: effect, kind: choice, options: {begins: begins, grows: grows, eases: eases}}
  signs: {ask: signs, kind: choices, options: {fever: fever, chills: chills, spasms: spasms}}
  heavy: {ask: heavy, kind: yes_no}
  age: {ask: age, kind: number, unit: years, minimum: 0, maximum: 120}
  degrees: {ask: degrees, kind: number, unit: degrees, minimum: 30, maximum: 45, decimals: 1}
  more: {ask: more, kind: yes_no, asked_when: {why: fall}}
  silent: {ask: silent, kind: yes_no}
  alone: {ask: alone, kind: yes_no}
findings: {ill: ill}
rules:
  ill: {when: {signs: fever}, then: {finding: ill}, because: so, ours: yes}
"""
PEOPLE = """
population:
  about: those whom we expect
  answers:
    why: {walk: 25, fall: 75}
    effect: {begins: 55, eases: 45}
    signs: {fever: 20, chills: 4}
    heavy: 35
    age: [{from: 18, to: 34, share: 33.3}, {from: 80, to: 90, share: 33.3}, {from: 35, to: 49, share: 33.3}]
    degrees: [{from: 36.5, to: 37.4, share: 100}]
    more: 100
  unanswered: {heavy: 10, signs: 30}
  groups:
    usual: {share: 70, about: the usual}
    ill:
      share: 30
      about: those with signs
      answers:
        effect: {grows: 100}
        signs: {fever: 90}
        heavy: 0
        age: [{from: 5, to: 5, share: 100}]
        alone: 50
      unanswered: {signs: 0}
  grounds: {heavy: a survey, ill: a register}
"""
COUNT = 20_000


@pytest.fixture(scope="module")
def base(read):
    return read(BASE)


@pytest.fixture(scope="module")
def people(base, tmp_path_factory):
    return of(base, PEOPLE, tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="module")
def frame(base, people):
    return sample(base, COUNT, shares=people)


@pytest.fixture(scope="module")
def usual(frame):
    return frame.filter(pl.col("group") == "usual")


@pytest.fixture(scope="module")
def ill(frame):
    return frame.filter(pl.col("group") == "ill")


def of(base, text: str, folder: Path):
    """The population in a text."""
    path = folder / "population.yaml"
    path.write_text(text)
    population, problems = population_in(path, base)
    assert problems == []
    return population


def is_met(found: pl.Series, share: float) -> bool:
    """Whether the share of what is true among the known is as it should be, within four standard errors."""
    known = found.drop_nulls()
    return abs(known.mean() - share) <= 4 * sqrt(share * (1 - share) / len(known))


def test_people_are_in_groups(frame):
    assert frame["group"].dtype == pl.Enum(["usual", "ill"])
    assert is_met(frame["group"] == "ill", 0.3)


@pytest.mark.parametrize(
    ("share", "expression"),
    [
        (0.55, pl.col("effect") == "begins"),
        (0, pl.col("effect") == "grows"),
        (0.45, pl.col("effect") == "eases"),
        (0.2, pl.col("signs.fever")),
        (0.04, pl.col("signs.chills")),
        (0, pl.col("signs.spasms")),
        (0.35, pl.col("heavy")),
        (1 / 3, pl.col("age") <= 34),
        (1 / 3, pl.col("age") >= 80),
        (0.1, pl.col("degrees") == 37.4),
        (0.1, pl.col("heavy").is_null()),
        (0.3, pl.col("signs.fever").is_null()),
        (0.3, pl.col("signs.chills").is_null()),
        (1, pl.col("alone").is_null()),
    ],
)
def test_shares_are_met(usual, share, expression):
    assert is_met(usual.select(expression).to_series(), share)


@pytest.mark.parametrize(
    ("share", "expression"),
    [
        (1, pl.col("effect") == "grows"),
        (0.9, pl.col("signs.fever")),
        (0, pl.col("signs.chills")),
        (0, pl.col("signs.chills").is_null()),
        (0, pl.col("heavy")),
        (0.1, pl.col("heavy").is_null()),
        (1, pl.col("age") == 5),
        (0.1, pl.col("degrees") == 37.4),
        (0.5, pl.col("alone")),
        (0, pl.col("alone").is_null()),
    ],
)
def test_a_group_has_shares_of_its_own(ill, share, expression):
    assert is_met(ill.select(expression).to_series(), share)


def test_answers_do_not_hang_together(usual):
    feverish = usual.filter(pl.col("signs.fever"))
    assert is_met(feverish["heavy"], 0.35)
    assert is_met(feverish["signs.chills"], 0.04)


def test_numbers_lie_in_their_bands(usual):
    assert set(usual["age"]) == {*range(18, 50), *range(80, 91)}
    assert set(usual["degrees"]) == {tenth / 10 for tenth in range(365, 375)}


def test_of_a_question_that_nothing_is_said_of_nobody_knows_the_answer(frame):
    assert frame["silent"].is_null().all()


def test_nobody_says_that_they_do_not_know(frame):
    assert not frame.select(pl.col("^.*[?]$").any()).transpose().to_series().any()


def test_a_question_that_does_not_apply_is_left_unanswered(frame):
    asked = frame["signs.fever"].fill_null(True)
    assert frame.filter(~asked)["why"].is_null().all()
    assert frame.filter(asked)["why"].is_not_null().all()
    assert is_met(frame["why"] == "fall", 0.75)
    assert frame["more"].eq_missing(True).equals(frame["why"].eq_missing("fall"))


def test_a_frame_of_people_is_canonical_but_for_the_group(base, frame):
    cases = frame.drop("group")
    assert canonical(cases, base.questions).equals(cases)


def test_the_same_seed_gives_the_same_people(base, people, frame):
    assert sample(base, COUNT, shares=people).equals(frame)
    assert not sample(base, COUNT, seed=1, shares=people).equals(frame)


def test_fewer_people_are_the_first_of_more(base, people, frame):
    assert sample(base, 10, shares=people).equals(frame.head(10))
    assert sample(base, 10, shares=people, start=500).equals(frame.slice(500, 10))
    assert pl.concat(slices(base, 1_000, shares=people, size=300)).equals(frame.head(1_000))


def test_another_share_changes_only_its_own_question(base, frame, tmp_path):
    other = sample(base, COUNT, shares=of(base, PEOPLE.replace("heavy: 35", "heavy: 36"), tmp_path))
    assert other.drop("heavy").equals(frame.drop("heavy"))
    changed = frame["heavy"].ne_missing(other["heavy"])
    assert 0 < changed.sum() < COUNT / 50


FIRST = """\
sample-1,walk,begins,true,false,false,true,88,37.3,,,,usual
sample-2,fall,eases,,,,false,26,37.1,true,,,usual
"""
"""Written down once: no version of Python or Polars may give others."""


def test_people_are_the_same_everywhere(frame):
    assert frame.drop(pl.col("^.*[?]$")).head(2).write_csv(include_header=False) == FIRST


def test_a_population_without_groups(base, tmp_path):
    people = of(base, "population: {about: all, answers: {heavy: 25}}", tmp_path)
    drawn = sample(base, COUNT, shares=people)
    assert is_met(drawn["heavy"], 0.25)
    assert "group" not in drawn.columns


def test_nobody_ticks_any_option(base, tmp_path):
    people = of(base, "population: {about: all, answers: {signs: {}}}", tmp_path)
    assert set(sample(base, 100, shares=people)["signs.fever"]) == {False}


WAYS = """
population:
  about: all
  answers: {signs: [{share: 80, options: {fever: 50, chills: 20}}, {share: 20, options: {spasms: 100}}]}
  groups:
    usual: {share: 50, about: the usual}
    ill: {share: 25, about: those with signs, answers: {signs: {fever: 90, spasms: 90}}}
    other: {share: 25, about: others, answers: {signs: [{share: 100, options: {}}]}}
"""


def test_options_that_exclude_each_other_are_ticked_in_different_ways(base, tmp_path):
    frame = sample(base, COUNT, shares=of(base, WAYS, tmp_path))
    usual, ill, other = (frame.filter(pl.col("group") == each) for each in ("usual", "ill", "other"))
    assert is_met(usual["signs.spasms"], 0.2)
    assert is_met(usual["signs.fever"], 0.4)
    assert not (usual["signs.spasms"] & (usual["signs.fever"] | usual["signs.chills"])).any()
    assert is_met(usual.filter(pl.col("signs.fever"))["signs.chills"], 0.2)
    assert is_met(ill["signs.spasms"] & ill["signs.fever"], 0.81)
    assert not other["signs.spasms"].any()


def test_a_single_group_and_a_group_of_nobody(base, tmp_path):
    text = "population: {about: all, groups: {one: {share: 100, about: all, answers: {heavy: 50}}%s}}"
    none = ", nobody: {share: 0, about: none, answers: {heavy: 100, age: [{from: 1, to: 1, share: 100}]}}"
    for more in ("", none):
        drawn = sample(base, COUNT, shares=of(base, text % more, tmp_path))
        assert is_met(drawn["heavy"], 0.5)
        assert drawn["age"].is_null().all()
        assert set(drawn["group"]) == {"one"}


def test_what_a_population_consists_of(people):
    assert (people.about, people.groups["ill"].about) == ("those whom we expect", "those with signs")
    assert people.grounds == {"heavy": "a survey", "ill": "a register"}


def test_a_population_is_no_part_of_the_checksum(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE)
    without = load(tmp_path).sha256
    (tmp_path / "population.yaml").write_text(PEOPLE)
    assert load(tmp_path).sha256 == without
    (tmp_path / "population.yaml").write_text(PEOPLE.replace("35", "36"))
    assert load(tmp_path).sha256 == without
    (tmp_path / "population.yaml").write_text(PEOPLE + "scores: {}\n")
    assert load(tmp_path).sha256 != without


def test_a_population_in_a_knowledge_base_is_read_with_it(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE + PEOPLE)
    kb = load(tmp_path)
    assert population_in(tmp_path, kb)[0] == population_in(tmp_path / "base.yaml", kb)[0] is not None
    (tmp_path / "base.yaml").write_text(BASE + PEOPLE.replace("heavy: 35", "heavy: 350"))
    with pytest.raises(Rejected, match="share-range"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "populaton: {about: all}",
            "no section `population`\n  help: write `population` instead of `populaton`",
        ),
        (
            "about: all\nanswers: {heavy: 5}",
            "no section `population`\n  help: begin with a line `population:`",
        ),
        ("", "error[no-population]: there is no section `population`"),
        ("population: {about: all, answers: {heavi: 5}}", "did you mean `heavy`?"),
        ("population: {about: all, answers: {heavy: 5}}\n---\npopulation: {about: all}", "duplicate-section"),
        ("population: [", "error[yaml-syntax]"),
        ("population: {about: all, answers: &a {heavy: 5}}", "error[alias]"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(base, text, said, tmp_path):
    path = tmp_path / "population.yaml"
    path.write_text(text)
    population, problems = population_in(path, base)
    assert population is None
    assert all(each.span.file == str(path) for each in problems)
    assert said in "\n".join(map(render, problems))


def test_the_bundled_population_is_right(kb):
    _, problems = read_knowledge_base(BUNDLED)
    assert problems == []
    people, problems = population_in(BUNDLED / "population.yaml", kb)
    assert problems == []
    assert sample(kb, 1_000, shares=people)["pain_where.lower_back"].any()
