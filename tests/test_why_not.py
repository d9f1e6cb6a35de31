"""Why not: what decides comes first, what decides nothing is folded, and how changes are worded."""

from __future__ import annotations

import json

import pytest
from generators import bases_with_cases
from hypothesis import given
from sweeps import examples

from engine.experta_target import Engine
from engine.explanation.branch import DEEPEST, Branch, decides, depth, every
from engine.explanation.parts import MOST_NAMED, Opened
from engine.explanation.proof import Proof
from engine.explanation.words import NO_SOLVER, OUT_OF_REACH
from engine.meaning.valuation import prepare
from engine.solver import Undecided
from facts.case import from_mapping

BASE = """
knowledge_base: {name: heat, version: 1}
questions:
  hours: {ask: how many hours ago, kind: number, unit: hours, minimum: 0, maximum: 500, changeable: no}
  sex: {ask: which sex, kind: choice, options: {woman: a woman, man: a man}, changeable: no}
  aches: {ask: does it ache, kind: yes_no}
  warms: {ask: do you warm it, kind: yes_no, asked_when: {aches: yes}}
  burns: {ask: does it burn, kind: yes_no, asked_when: {aches: no}}
  age: {ask: how old are you, kind: number, unit: years, minimum: 0, maximum: 120}
  weight: {ask: how heavy are you, kind: number, unit: kg, minimum: 0, maximum: 200, decimals: 1}
findings: {ache: it aches, torn: it is torn, never: it is both, ok: ok}
advice_kinds: {home: at home}
advice: {heat: {kind: home, text: warm it}}
scores:
  old: {parts: [{question: age, times: 0.1}]}
  heavy: {parts: [{question: weight, bands: [{below: 10, points: 0}, {below: 20.5, points: 4}, {points: 1}]}]}
rules:
  aches: {when: {aches: yes}, then: {finding: ache}, because: so, ours: yes}
  warm-it: {when: {finding: ache}, then: {give: heat}, because: so, ours: yes}
  tear: {when: {warms: yes, age: {above: 9}}, then: [{finding: torn}, {hold: heat}], because: so, ours: yes}
  burning: {when: {burns: yes}, then: {hold: heat}, because: so, ours: yes}
  early: {when: {hours: {below: 48}}, then: {hold: heat}, because: so, ours: yes}
  both: {when: {all: [{warms: yes}, {burns: yes}]}, then: {finding: never}, because: so, ours: yes}
  woman: {when: {sex: woman, hours: {above: 400}}, then: {finding: torn}, because: so, ours: yes}
  old: {when: {score: {old: {at_least: 9}}}, then: {hold: heat}, because: so, ours: yes}
  heavy: {when: {score: {heavy: {at_least: 2}}}, then: {hold: heat}, because: so, ours: yes}
  fit: {when: {not: {any: [{age: {above: 9}}, {finding: torn}]}}, then: {finding: ok}, because: so, ours: yes}
  odd:
    when: {all: [{any: [{age: {above: 9}}, {aches: yes}]}, {age: {below: 5}}]}
    then: {finding: torn}
    because: so
    ours: yes
"""


@pytest.fixture
def why_not(run, write):
    """What `explain --why-not` prints for somebody's answers, from its heading on."""

    def of(answers: dict[str, object], *words: str, base: str = BASE, code: int = 0) -> list[str]:
        case = write("case.json", json.dumps({"id": "a", "answers": answers}))
        shown = run("explain", case, "--kb", write("base.yaml", base), "--why-not", *words)
        assert shown.exit_code == code, shown.output
        return shown.stdout.splitlines()[2:]

    return of


# What decides


def test_the_one_true_reason_comes_first_and_the_rest_is_folded(why_not):
    assert why_not({"aches": True, "hours": 3}, "heat")[:9] == [
        "Why not ✗ advice: heat: warm it   is ruled out",
        "Held, because you said 3 to hours: so",
        "✗ not",
        "└── ✓ held: heat",
        "    ├── ✓ rule: early   [ours]   base.yaml:22",
        "    │   └── ✓ hours: below 48   answer 3   base.yaml:22",
        "    ├── ? 3 more open: tear, old, heavy   …",
        "    └── ✗ 1 more ruled out: burning   …",
        "✓ give: heat   …",
    ]


def test_everything_can_be_opened(why_not):
    brief = why_not({"aches": True, "hours": 3}, "heat")
    whole = why_not({"aches": True, "hours": 3}, "heat", "--all")
    assert "… marks what is not shown because it decides nothing here; `--all` shows everything" in brief
    assert not any("…" in line for line in whole)
    assert len(whole[2:]) > 2 * len(brief[2:])
    assert whole[:6] == brief[:6]
    assert any("rule: old" in line for line in whole)
    assert any("aches: yes   answer yes" in line for line in whole)


def test_a_part_beside_the_one_that_decides_is_one_line(why_not):
    lines = why_not({"age": 30}, "finding:ok")
    assert lines[2:6] == [
        "✗ rule: fit   [ours]   base.yaml:27",
        "└── ✗ not   base.yaml:27",
        "    └── ✓ any   base.yaml:27",
        "        ├── ✓ age: above 9   answer 30   base.yaml:27",
    ]
    assert lines[6] == "        └── ? finding: torn   base.yaml:27   …"


def test_in_what_is_open_the_open_rules_come_first(why_not):
    lines = why_not({"sex": "man"}, "torn")
    assert [line for line in lines if "rule:" in line] == [
        "? rule: tear   [ours]   base.yaml:20",
        "? rule: odd   [ours]   base.yaml:28",
        "✗ rule: woman   [ours]   base.yaml:24   …",
    ]


@pytest.mark.parametrize("more", [0, 1, 2])
def test_folded_names_are_counted(more, why_not):
    names = [f"r{at}" for at in range(MOST_NAMED + more)]
    rules = "".join(
        f"  {name}: {{when: {{age: {{above: 9}}}}, then: {{hold: heat}}, because: so, ours: yes}}\n"
        for name in names
    )
    base = BASE.replace("  old: {when", "  not-old: {when").replace(
        "then: {hold: heat}", "then: {finding: ache}"
    )
    lines = why_not(
        {"hours": 3},
        "heat",
        base=base.replace(
            "  early: {when: {hours: {below: 48}}, then: {finding: ache}",
            "  early: {when: {hours: {below: 48}}, then: {hold: heat}",
        )
        + rules,
    )
    folded = next(" ".join(lines[at : at + 2]) for at, line in enumerate(lines) if "more open" in line)
    assert f"{len(names) + 1} more open: tear, r0, r1" in folded
    assert (f" and {1 + more} more" in folded) is True


def folds(branch: Branch) -> bool:
    return branch.elsewhere == "folded"


@examples(20, 80)
@given(bases_with_cases(cases=3))
def test_what_is_opened_is_what_decides(read, drawn):
    text, people = drawn
    prepared = prepare(read(text))
    for answers in people:
        case = Engine(prepared).fire(from_mapping(answers, prepared.kb.questions).answers)
        for name in prepared.definitions:
            brief, whole = Opened(case, brief=True).of(name), Opened(case).of(name)
            assert (brief.said, brief.truth) == (whole.said, whole.truth)
            assert not any(map(folds, every(whole)))
            for above in every(brief):
                assert not (folds(above) and above.inner)
                for below in above.inner:
                    assert decides(above, below) or not below.inner
                    assert not folds(below) or above.kind == "points" or not decides(above, below)
            rules = {each.name for each in every(brief) if each.kind == "rule"}
            deciding = {
                id for id in prepared.rules_for.get(name, ()) if case.value(f"rule:{id}") is whole.truth
            }
            assert deciding <= rules


def test_a_proof_goes_no_deeper_than_can_be_read(read):
    chain = [f"f{at}" for at in range(DEEPEST + 9)]
    reads = ["{aches: yes}", *(f"{{finding: {name}}}" for name in chain)]
    rules = "".join(
        f"  {name}: {{when: {when}, then: {{finding: {name}}}, because: so, ours: yes}}\n"
        for name, when in zip(chain, reads[:-1], strict=True)
    )
    base = f"""
questions: {{aches: {{ask: does it ache, kind: yes_no}}}}
findings: {{{", ".join(f"{name}: {name}" for name in chain)}}}
rules:
{rules}"""
    prepared = prepare(read(base))
    engine = Engine(prepared, prepared.definitions)
    case = engine.fire({"aches": True})
    for tree in (Proof(engine, case).of(f"finding:{chain[-1]}"), Opened(case).of(f"finding:{chain[-1]}")):
        *_, last = every(tree)
        assert last.elsewhere == "deeper"
        assert depth(tree) == DEEPEST + 2
    short = Proof(engine, case).of(f"finding:{chain[DEEPEST // 2 - 1]}")
    assert not any(each.elsewhere for each in every(short))


# Changes in words


@pytest.mark.parametrize(
    ("answers", "wanted", "said"),
    [
        (
            {"aches": True, "warms": False},
            "burning",
            ["change aches: no   (now yes)", "warms falls away   (now no)", "answer burns: yes"],
        ),
        ({}, "rule:old", ["answer age: at least 90 years"]),
        ({}, "rule:heavy", ["answer weight: 10.0 to 20.4 kg"]),
        ({}, "rule:tear", ["answer aches: yes", "answer warms: yes", "answer age: at least 10 years"]),
        ({"age": 30, "hours": 3}, "finding:ok", ["change age: 5 to 9 years   (now 30)"]),
    ],
)
def test_changes_are_said_as_people_say_them(answers, wanted, said, why_not):
    lines = why_not(answers, wanted)
    at = next(at for at, line in enumerate(lines) if line.startswith("The smallest change"))
    count = f"{len(said)} answer{'s' * (len(said) > 1)}"
    assert lines[at] == f"The smallest change that is enough: {count}"
    assert lines[at + 1 : at + 1 + len(said)] == [f"  · {each}" for each in said]


@pytest.mark.parametrize(
    ("answers", "stays"),
    [
        ({}, ""),
        ({"hours": 3}, "hours stays as it is, "),
        ({"hours": 3, "sex": "man"}, "hours and sex stay as they are, "),
    ],
)
def test_what_cannot_change_is_named_only_where_it_was_answered(answers, stays, why_not, monkeypatch):
    monkeypatch.setattr("engine.solver.core.MOST_PARTS", 0)
    base = BASE.replace("  both: {when: {all: [", "  both: {when: {all: [{hours: {above: 9}}, {sex: woman}, ")
    said = " ".join(why_not(answers, "never", base=base))
    sound = "only questions that apply are answered and no answers clash."
    assert said.endswith(f"No change of answers is enough: proved, as long as {stays}{sound}")


@pytest.mark.parametrize(
    ("answers", "wanted", "state"),
    [
        ({}, "never", OUT_OF_REACH),
        ({"aches": False}, "rule:odd", OUT_OF_REACH),
        ({}, "rule:odd", "is open"),
        ({"aches": True}, "rule:tear", "is open"),
        ({"aches": True, "warms": False}, "rule:tear", "is ruled out"),
        ({"aches": True, "warms": True, "age": 10}, "rule:tear", "holds"),
    ],
)
def test_the_heading_says_open_only_where_something_can_still_be_reached(
    answers, wanted, state, why_not, run
):
    assert why_not(answers, wanted)[0].endswith(f"   {state}")
    run("explain", "case.json", "--kb", "base.yaml", "--why-not", wanted, "--html", "out.html")
    document = json.loads(
        run("explain", "case.json", "--kb", "base.yaml", "--why-not", wanted, "--json").stdout
    )
    changes = document["why_not"][0]["changes"]
    assert (changes["reachable"] if changes else None) is (None if state == "holds" else state == "is open")


@pytest.mark.parametrize(
    ("answers", "wanted", "excluding"),
    [
        (
            {},
            "never",
            [
                "· warms: yes   rule: both",
                "· burns: yes   rule: both",
                "· warms is asked only if aches: yes",
                "· burns is asked only if aches: no",
            ],
        ),
        ({"hours": 3}, "rule:woman", ["· hours: above 400   rule: woman", "· hours stays 3"]),
        (
            {"hours": 3},
            "heat",
            ["· not: hours: below 48   rule: early", "· hours stays 3"],
        ),
    ],
)
def test_the_parts_that_exclude_each_other_are_named(answers, wanted, excluding, why_not):
    lines = why_not(answers, wanted)
    at = lines.index("No change of answers is enough: proved. These cannot all hold:")
    assert [line.strip() for line in lines[at + 1 :]] == excluding


def test_each_way_to_a_conclusion_is_excluded_by_itself(why_not):
    base = BASE.replace("then: {finding: ok}", "then: [{finding: ok}, {finding: never}]")
    base = base.replace(
        "fit: {when: {not: {any: [{age: {above: 9}}", "fit: {when: {not: {any: [{hours: {below: 9}}"
    )
    lines = why_not({"hours": 3}, "never", base=base)
    at = lines.index("No change of answers is enough: proved. Each way to it is excluded:")
    assert lines[at + 1 :] == [
        "  rule: both",
        "  · warms: yes   rule: both",
        "  · burns: yes   rule: both",
        "  · warms is asked only if aches: yes",
        "  · burns is asked only if aches: no",
        "  rule: fit",
        "  · not: hours: below 9   rule: fit",
        "  · hours stays 3",
    ]


def test_a_page_of_html_folds_and_takes_back(why_not, run, tmp_path):
    why_not({"aches": True, "warms": False, "hours": 3}, "burning")
    run(
        "explain",
        "case.json",
        "--kb",
        "base.yaml",
        "--why-not",
        "burning",
        "--why-not",
        "heat",
        "--html",
        "out.html",
    )
    page = (tmp_path / "out.html").read_text()
    assert "<code>warms</code> falls away" in page
    assert page.index("rule: early") < page.index("<details><summary>")
    assert "rule: old" in page


def test_a_step_that_is_taken_back_is_null_in_a_document(why_not, run):
    why_not({"aches": True, "warms": False}, "burning")
    document = json.loads(
        run("explain", "case.json", "--kb", "base.yaml", "--why-not", "burning", "--json").stdout
    )
    (steps,) = document["why_not"][0]["changes"]["alternatives"]
    assert {"question": "warms", "how": "falls_away", "before": False, "after": None} in steps


def test_without_the_solver_the_message_says_what_to_install(why_not, monkeypatch):
    monkeypatch.setattr("engine.explanation.find_spec", lambda name: None)
    said = " ".join(why_not({}, "torn"))
    assert said.endswith(NO_SOLVER)
    assert "pip install 'cartsign[author]'" in NO_SOLVER


@pytest.mark.parametrize(
    ("enough_for", "said"),
    [
        (0, "The search ran out of time, so it is unknown whether a change of answers is enough."),
        (1, "A change of 3 answers is enough, but the search for them ran out of time."),
    ],
)
def test_what_could_not_be_decided_in_time_is_said_and_ends_with_3(enough_for, said, why_not, monkeypatch):
    from engine.solver.search import Search

    asked, check = [], Search.model

    def slow(self, solver, *assumed):
        asked.append(1)
        if len(asked) > enough_for:
            raise Undecided
        return check(self, solver, *assumed)

    monkeypatch.setattr(Search, "model", slow)
    assert why_not({}, "rule:tear", code=3)[-1] == said
