"""The bundled base on people whom one expects: who is sent where, and after how many questions.

The shares of `kb/population.yaml` are assumptions. What is held here is what they must not do to the level of
somebody with nothing but a little pain for a few weeks.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import engine
from engine.loading.population import population_in
from engine.sampling.sample import sample
from facts.vocabulary import Choices

ROOT = Path(__file__).parent.parent
LEGS = ("pain_where.one_leg", "pain_where.both_legs", "pain_where.calf")
HARMLESS = ("history.diabetes", "history.weak_immunity", "history.blood_thinners")


def ticked(columns: list[str]) -> pl.Expr:
    return pl.any_horizontal([pl.col(each).fill_null(False) for each in columns])


def ordinary(people: pl.DataFrame) -> pl.Expr:
    """Mild or moderate pain of a few weeks on walking, and nothing else."""
    lists = ("bladder_or_bowel.", "leg_signs.", "associated_symptoms.", "history.")
    more = ("legs_on_walking.", "leg_pain_feels.")
    signs = [each for each in people.columns if each.startswith((*lists, *more)) and each not in HARMLESS]
    return (
        pl.col("walking_effect").is_in(["begins", "increases"])
        & pl.col("pain_strength").is_in(["mild", "moderate"])
        & (pl.col("weeks_of_pain") < 6)
        & ~ticked([*signs, *LEGS])
    )


@pytest.fixture(scope="module")
def people(kb):
    population, problems = population_in(ROOT / "kb" / "population.yaml", kb)
    assert not problems
    drawn = sample(kb, 4_000, shares=population)
    found = engine.assess_frame(kb, drawn.drop("group"))
    return drawn.with_columns(level=found["triage"].struct.field("level").cast(pl.String))


def test_few_ordinary_people_are_sent_to_a_doctor_and_none_to_the_emergency_room(people):
    levels = people.filter(ordinary(people))["level"]
    assert levels.len() > 1_000
    assert (levels == "see_doctor").mean() <= 0.1
    assert not levels.is_in(["urgent", "emergency"]).any()


def asked(kb, answers) -> tuple[int, int | None]:
    """How many questions are asked until the level is settled, and after how many it is an emergency."""
    given, emergency = {}, None
    while True:
        triage = (assessment := engine.assess(kb, given)).triage
        if triage.level == "emergency" and emergency is None:
            emergency = len(given)
        open_ = [each for each in assessment.ask_next if each not in given]
        if triage.settled or not open_:
            return len(given), emergency
        question = open_[0]
        given[question] = answers.get(question, "unknown")


def answers_of(row, kb) -> dict[str, object]:
    """All answers of a drawn person; what was not drawn is none of the options."""
    found: dict[str, object] = {}
    for name, question in kb.questions.items():
        if isinstance(question.kind, Choices):
            found[name] = [option for option in question.kind.options if row[f"{name}.{option}"]]
        elif row[name] is not None:
            found[name] = row[name]
    return found


@pytest.mark.parametrize(("frequency", "most"), [("occasional", 10), ("frequent", 12)])
def test_an_ordinary_mild_person_is_settled_in_about_ten_answers(kb, people, frequency, most):
    mild = people.filter(
        ordinary(people)
        & (pl.col("pain_strength") == "mild")
        & (pl.col("pain_frequency") == frequency)
        & ~ticked(["pain_where.buttock"])
    )
    assert mild.height > 9
    for row in mild.head(10).iter_rows(named=True):
        assert asked(kb, answers_of(row, kb))[0] <= most


def test_an_emergency_sign_of_the_lists_is_found_in_five_answers(kb, people):
    signs = [
        *(
            f"bladder_or_bowel.{each}"
            for each in ("lost_bladder_control", "cannot_urinate", "hard_to_urinate")
        ),
        *(f"leg_signs.{each}" for each in ("weakness", "foot_drop", "saddle_numbness", "shooting_pain")),
    ]
    found = people.filter(ticked(signs)).head(20)
    assert found.height == 20
    for row in found.iter_rows(named=True):
        assert asked(kb, answers_of(row, kb))[1] <= 5
