"""The ledger of claims: what carries each claim, what is left out, and what `cartsign claims` says of it."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.claims.html import review_page
from engine.claims.ledger import ledger, uncited
from engine.meaning.definitions import conclusions
from engine.words.outline import Outline, named, outline
from engine.words.phrases import phrase

GOLDEN = Path(__file__).parent / "golden" / "claims"
BASE = str(GOLDEN / "base")
SINGLE = str(GOLDEN / "base" / "kb.yaml")

ONE_CLAIM = """
sources: {{A: {{title: An article}}}}
claims: {{c: {{source: A, claim: tea helps, {encodable}}}, other: {{source: A, claim: it does}}}}
questions:
  coughs: {{ask: Do you cough?, kind: yes_no}}
  eases: {{ask: What eases it?, kind: choices, options: {{tea: hot tea, rest: some rest, sleep: sleep}}}}
advice_kinds: {{home: At home}}
advice: {{tea: {{kind: home, text: Drink tea., claims: [{advice}]}}}}
texts: {{warm: {{text: Tea warms., shown_with: {{advice: tea}}, claims: [{text}]}}}}
numbers: {{days: {{value: 3, claims: [{number}]}}}}
scores: {{sum: {{text: a sum, claims: [{score}], parts: [{{points: 1, when: {{coughs: yes}}}}]}}}}
rules: {{r: {{when: {{coughs: yes}}, then: {{give: tea}}, because: It helps., claims: [{rule}]}}}}
safety: {{s: {{must: always, because: It is so., claims: [{property}]}}}}
disagreements:
  D: {{about: tea, when: {{coughs: yes}}, sides: [{{says: yes, claims: [{disagreement}]}}], done: Nothing.}}
"""
CITING = ("advice", "text", "number", "score", "rule", "disagreement", "property")

COUGHING, TEA = "  “Do you cough?” yes", "  the advice “Drink tea.”"

ANYTHING = dict.fromkeys(CITING, "shown") | {"rule": "encoded", "score": "encoded", "property": "uncited"}
STATUS = {
    "yes": {"rule": "encoded", "score": "encoded"},
    "advisory-only": {"rule": "encoded", "score": "encoded", "advice": "shown", "text": "shown"},
    "context-only": ANYTHING | {"property": "context", "": "context"},
    "": ANYTHING,
}


def one_claim(encodable: str, citing: str) -> str:
    said = {each: "c" if each == citing else "other" for each in CITING}
    return ONE_CLAIM.format(encodable=f'encodable: "{encodable}"' if encodable else "", **said)


@pytest.mark.parametrize("encodable", STATUS)
@pytest.mark.parametrize("citing", [*CITING, ""])
def test_status_of_a_claim_by_what_cites_it(encodable, citing, read):
    entries = ledger(read(one_claim(encodable, citing)))
    assert entries["c"].status == STATUS[encodable].get(citing, "uncited")
    assert uncited(entries.values()) == [id for id in entries if entries[id].status == "uncited"]


def test_rule_and_text_together_encode_a_claim(read):
    text = one_claim("yes", "rule").replace("Tea warms., shown_with: {advice: tea}, claims: [other]", "{}")
    both = text.replace("{text: {}}", "{text: Tea warms., shown_with: {advice: tea}, claims: [c]}")
    entry = ledger(read(both))["c"]
    assert (entry.status, entry.rules, entry.texts) == ("encoded", ("r",), ("warm",))


def test_claim_that_both_sides_cite_is_in_the_disagreement_once(read):
    text = one_claim("yes", "disagreement")
    both = text.replace(
        "{says: yes, claims: [c]}", "{says: yes, claims: [c]}, {says: no, claims: [c, other]}"
    )
    entries = ledger(read(both))
    assert (entries["c"].disagreements, entries["other"].disagreements) == (("D",), ("D",))


@pytest.mark.parametrize(
    ("cases", "ends"), [(11, "p11"), (12, "p11, p12"), (13, "p12, and 1 more (`--json` lists all)")]
)
def test_first_cases_are_named_and_the_others_counted(cases, ends, run, write):
    write("kb/kb.yaml", one_claim("yes", "rule"))
    people = (f"- {{id: p{at}, answers: {{coughs: yes}}}}\n" for at in range(1, cases + 1))
    write("kb/cases/people.yaml", "".join(people))
    said = run("claims", "c", "--kb", "kb").stdout.partition("Cases that exercise this claim\n")[2]
    assert " ".join(said.split()).endswith(ends)
    assert len(re.findall(r"\bp\d+", said)) == min(cases, 12)


def test_knowledge_base_without_claims_leaves_none_out(run, write):
    shown = run("claims", "--kb", write("kb.yaml", "questions: {coughs: {ask: Do you cough?, kind: yes_no}}"))
    assert (shown.exit_code, shown.stdout) == (0, "unnamed has no claims\n")
    document = run("claims", "--kb", "kb.yaml", "--json")
    assert json.loads(document.stdout) == {"claims": [], "uncited": []}


@pytest.mark.parametrize(
    ("part", "lines"),
    [
        ("always", ["for everybody"]),
        ("{coughs: no}", ["“Do you cough?” no"]),
        ("{not: {coughs: yes}}", ["not this", "  “Do you cough?” yes"]),
        ("{not: {not: {coughs: yes}}}", ["“Do you cough?” yes"]),
        ("{not: {all: [{coughs: yes}, {advice: tea}]}}", ["not all of these", COUGHING, TEA]),
        ("{not: {any: [{coughs: yes}, {advice: tea}]}}", ["none of these", COUGHING, TEA]),
        ("{not: {not: {all: [{coughs: yes}, {advice: tea}]}}}", ["all of these", COUGHING, TEA]),
        ("{not: {not: {any: [{coughs: yes}, {advice: tea}]}}}", ["any of these", COUGHING, TEA]),
        ("{any: [{coughs: yes}, {any: [{advice: tea}]}]}", ["any of these", COUGHING, TEA]),
        ("{all: [{coughs: yes}, {all: [{advice: tea}]}]}", ["all of these", COUGHING, TEA]),
        ("{eases: [tea, rest]}", ["“What eases it?” hot tea some rest"]),
        ("{eases: {at_least: 1}}", ["“What eases it?” hot tea some rest sleep"]),
        ("{eases: {at_least: 2}}", ["“What eases it?” at least 2 of the possible answers"]),
        ("{eases: none}", ["“What eases it?” none of the possible answers"]),
        ("{score: {sum: {above: 0.5}}}", ["the score “a sum” more than 0.5"]),
    ],
)
def test_outline_of_a_part(part, lines, read):
    text = one_claim("yes", "rule").replace(
        "rules: {r:", f"rules: {{s: {{when: {part}, then: {{finding: f}}, because: b, ours: true}}, r:"
    )
    kb = read(f"{text}findings: {{f: a finding}}\n")
    assert list(in_lines(outline(kb.rules["s"].when, kb))) == lines


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("condition:flu:known", "the suspicion of “influenza”, known"),
        ("condition:flu:hallmark", "the suspicion of “influenza”, hallmark or firmer"),
        ("triage:now", "the level “This cannot wait”"),
        ("triage:doctor", "the level “See a doctor” or a higher one"),
        ("level:doctor", "just the level “See a doctor”"),
        ("kind:first", "any advice under “First of all”"),
        ("hold:honey", "a hold on the advice “Stir honey into it.”"),
    ],
)
def test_what_a_definition_is_called(name, said, read):
    kb = read((GOLDEN / "base" / "kb.yaml").read_text().replace(" <script>alert('condition')</script>", ""))
    assert named(name, kb) == said


@pytest.mark.parametrize("number", ["2", "0.5", "-3.25", "1000.125", "1234567.5", "1000000"])
def test_bound_on_a_score_is_said_with_all_its_digits(number, read):
    text = one_claim("yes", "rule").replace("{points: 1, when", "{points: 1300000, when")
    low = "{points: -9, when: {coughs: no}}, {points"
    when = f"{{score: {{sum: {{at_least: {number}}}}}}}"
    rule = f"s: {{when: {when}, then: {{finding: f}}, because: b, ours: true}}"
    text = (
        text.replace("{points", low, 1).replace("rules: {", f"rules: {{{rule}, ")
        + "findings: {f: a finding}\n"
    )
    kb = read(text)
    assert outline(kb.rules["s"].when, kb).answers == (f"at least {number}",)
    assert phrase(kb.rules["s"].when, kb) == f"a sum at least {number}"


def in_lines(held: Outline, depth: int = 0) -> Iterator[str]:
    yield "  " * depth + " ".join([held.text, *held.answers])
    for part in held.parts:
        yield from in_lines(part, depth + 1)


PAGES = {
    "overview": [],
    "claim": ["A2-01"],
    "disputed": ["A1-01", "A1-02"],
    "left-out": ["A1-03", "A1-05"],
    "article": ["A2"],
}


@pytest.mark.parametrize("name", PAGES)
def test_what_people_see(name, run, request):
    shown = run("claims", *PAGES[name], "--kb", BASE)
    assert compared(f"{name}.txt", shown.stdout, request) == shown.stdout


def compared(name: str, text: str, request: pytest.FixtureRequest) -> str:
    """The golden file, written anew where that is asked for."""
    golden = GOLDEN / name
    if request.config.getoption("--update-golden", default=False):
        golden.write_text(text, encoding="utf-8")
    return golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("ids", "code"),
    [([], 1), (["A2"], 1), (["A1-03"], 1), (["A1-01"], 0), (["A1-04", "A2-04"], 0), (["A3"], 0), (["A4"], 2)],
)
@pytest.mark.parametrize("form", [[], ["--json"], ["--html", "out.html"]], ids=["text", "json", "html"])
def test_exit_code_says_whether_a_claim_of_those_named_is_left_out(ids, code, form, run):
    assert run("claims", *ids, *form, "--kb", BASE).exit_code == code


def test_exit_code_is_0_once_nothing_is_left_out(run, write):
    text = one_claim("yes", "rule").replace("claims: [other]", "claims: [c]")
    kb = write("kb.yaml", text.replace(", other: {source: A, claim: it does}", ""))
    shown = run("claims", "--kb", kb)
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (0, "0 of 1 claim not used")
    assert json.loads(run("claims", "--kb", kb, "--json").stdout)["uncited"] == []
    assert "Every claim that should be used is used." in page(run, kb)


def test_json_has_exactly_these_keys_in_a_stable_order(run):
    shown = run("claims", "--kb", BASE, "--json")
    document = json.loads(shown.stdout)
    assert list(document) == ["claims", "uncited"]
    keys = ["id", "source", "kind", "encodable", "rules", "items", "cases"]
    assert all(list(claim) == keys for claim in document["claims"])
    assert document["uncited"] == ["A1-03", "A1-05", "A2-02", "A2-03"]
    claims = {claim["id"]: claim for claim in document["claims"]}
    assert list(claims["A2-01"].values()) == [
        *("A2-01", "A2", "home-relief", "yes"),
        *(["dry-and-lasting"], ["tea"], ["dry-for-weeks"]),
    ]
    assert (claims["A1-02"]["items"], claims["A1-02"]["cases"]) == (["why_tea"], ["dry-for-weeks"])
    assert claims["A1-01"]["cases"] == ["feverish"]
    assert (claims["A2-02"]["kind"], claims["A2-02"]["encodable"]) == (None, None)
    assert shown.stdout == run("claims", "--kb", BASE, "--json").stdout


def test_json_of_some_claims_speaks_of_no_others(run):
    document = json.loads(run("claims", "A2-04", "A1-03", "A2-04", "--kb", BASE, "--json").stdout)
    assert [claim["id"] for claim in document["claims"]] == ["A1-03", "A2-04"]
    assert document["uncited"] == ["A1-03"]


def test_an_item_that_is_held_back_exercises_nothing(run, write):
    held = "{id: held, answers: {fever: yes, cough: dry, days: 20}}"
    write("kb/kb.yaml", (GOLDEN / "base" / "kb.yaml").read_text())
    write("kb/cases/held.yaml", held)
    document = json.loads(run("claims", "A1-02", "A1-01", "--kb", "kb", "--json").stdout)
    assert {claim["id"]: claim["cases"] for claim in document["claims"]} == {"A1-01": ["held"], "A1-02": []}


def test_single_file_has_no_cases(run):
    document = json.loads(run("claims", "A2-01", "--kb", SINGLE, "--json").stdout)
    assert document["claims"][0]["cases"] == []


def test_case_that_cannot_be_read_costs_a_warning_where_cases_are_needed(run, write):
    write("kb/kb.yaml", (GOLDEN / "base" / "kb.yaml").read_text())
    write(
        "kb/cases/a.yaml",
        "- {id: bad, answers: {caugh: dry}}\n- {id: good, answers: {fever: yes, cough: dry}}\n",
    )
    shown = run("claims", "A1-01", "--kb", "kb")
    assert (shown.exit_code, shown.stdout.splitlines()[-1].strip()) == (0, "good")
    assert "a.yaml:1:23: warning[unknown-question]: there is no question `caugh`" in shown.stderr
    assert run("claims", "--kb", "kb").stderr == ""


def test_unknown_ids_are_all_named_with_what_was_meant(kb, run):
    shown = run("claims", "s4-14", "S4-14", "nothing-like-it")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr.splitlines() == [
        f"{kb.name}: error[unknown-claim]: there is no claim `s4-14`",
        "  help: did you mean `S4-14`?",
        f"{kb.name}: error[unknown-claim]: there is no claim `nothing-like-it`",
        "  help: `cartsign claims` shows the unused claims, `cartsign claims --json` all of them",
    ]


def test_the_knowledge_base_in_its_place(run, write):
    write("kb/kb.yaml", (GOLDEN / "base" / "kb.yaml").read_text())
    assert run("claims", "kb").stdout == run("claims", "--kb", "kb").stdout
    assert run("claims", "A1", "kb/kb.yaml").stdout == run("claims", "--kb", "kb/kb.yaml", "A1").stdout


def test_claim_without_its_zero_is_found(run):
    assert "  help: did you mean `S4-05`?\n" in run("claims", "S4-5").stderr


def test_broken_knowledge_base_is_not_used(run, write):
    shown = run("claims", "--kb", write("kb.yaml", "rules: {r: {when: always}}"))
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "the knowledge base has 2 problems and is not used" in shown.stderr


def page(run, kb: str, *ids: str) -> str:
    shown = run("claims", *ids, "--kb", kb, "--html", "out.html")
    assert "in out.html" in shown.stdout
    return Path("out.html").read_text(encoding="utf-8")


def test_page_for_review(run, request):
    text = page(run, BASE)
    assert compared("review.html", text, request) == text


def many_claims(count: int, rules: int) -> str:
    """Each claim is cited by an item and by one of the rules, each of which gives its items and the first."""
    lines = ["questions: {coughs: {ask: Do you cough?, kind: yes_no}}", "sources: {A: {title: a}}", "claims:"]
    lines += [f'  c{at}: {{source: A, encodable: "yes", claim: it is {at}}}' for at in range(count)]
    lines += ["advice_kinds: {home: At home}", "advice:"]
    lines += [f"  a{at}: {{kind: home, text: do {at}, claims: [c{at}]}}" for at in range(count)]
    lines.append("rules:")
    for rule in range(rules):
        own = range(rule, count, rules)
        gives = ", ".join(["a0"] * (rule > 0) + [f"a{at}" for at in own])
        cites = ", ".join(f"c{at}" for at in own)
        when, ends = "when: {coughs: yes}", f"because: b, claims: [{cites}]"
        lines.append(f"  r{rule}: {{{when}, then: {{give: [{gives}]}}, {ends}}}")
    return "\n".join(lines) + "\n"


def test_rules_are_looked_through_once_for_all_claims(read, monkeypatch):
    kb, asked = read(many_claims(40, 4)), []

    def counted(kb):
        asked.append(kb)
        return conclusions(kb)

    monkeypatch.setattr("engine.claims.html.conclusions", counted)
    text = review_page(kb, ledger(kb), kb.claims)
    assert "<dd><code>r0</code>, <code>r1</code>, <code>r2</code>, <code>r3</code></dd>" in text
    assert len(asked) == 1


@pytest.mark.sweep
def test_page_of_ten_thousand_claims(read):
    kb = read(many_claims(10_000, 1_000))
    start = time.process_time()
    assert review_page(kb, ledger(kb), kb.claims).count('<section class="claim') == 10_000
    assert time.process_time() - start < 30


class Elements(HTMLParser):
    """The names, ids and other attributes of the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names[tag] += 1
        for name, value in attributes:
            self.attributes.add(name)
            self.ids[value or ""] += name == "id"
            if name == "href":
                self.links.add(value or "")


def test_every_claim_is_on_the_page_once_and_every_link_leads_somewhere(kb, run):
    for text, claims in ((page(run, BASE), 9), (review_page(kb, ledger(kb), kb.claims), len(kb.claims))):
        found = Elements(text)
        ids = {id: count for id, count in found.ids.items() if count}
        assert set(ids.values()) == {1}
        assert {link[1:] for link in found.links} <= set(ids)
        assert len([id for id in ids if "." not in id]) == claims


def test_knowledge_base_cannot_write_on_the_page(run):
    text = page(run, BASE)
    assert "&lt;script&gt;" in text
    assert Elements(text).names.keys().isdisjoint({"script", "i", "link", "img", "iframe"})
    assert not {each for each in Elements(text).attributes if each.startswith("on") or each == "src"}
    assert not re.findall(r"https?://|url\(|@import", text)


def test_text_cannot_turn_its_direction_on_the_page(read):
    hostile = one_claim("yes", "rule").replace("It helps.", '"\\u202Eesrever"')
    assert "\\u202eesrever" in review_page(read(hostile), ledger(read(hostile)), {"c"})


def test_page_of_some_claims_has_only_them(run):
    text = page(run, BASE, "A2")
    assert 'id="A2-01"' in text
    assert 'id="A1-01"' not in text
    assert "What no article says" not in text


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("out.txt", "output-kind"),
        ("no/such/folder/out.html", "output-place"),
        ("dir.html", "output-place"),
        (f"{BASE}/out.html", "output-is-input"),
        (f"{BASE}/cases/out.html", "output-is-input"),
    ],
)
def test_place_that_cannot_be_meant(out, said, run, tmp_path):
    (tmp_path / "dir.html").mkdir()
    shown = run("claims", "--kb", BASE, "--html", out)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert f"{out}: error[{said}]" in shown.stderr


def test_page_does_not_replace_the_knowledge_base(run, write):
    text = (GOLDEN / "base" / "kb.yaml").read_text()
    shown = run("claims", "--kb", write("kb.html", text), "--html", "kb.html")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "kb.html: error[output-is-input]" in shown.stderr
    assert Path("kb.html").read_text() == text
    bundled = Path(__file__).parent.parent / "kb" / "out.html"
    assert "output-is-input" in run("claims", "--html", str(bundled)).stderr
    assert not bundled.exists()


def test_place_without_a_name_is_called_by_its_option(run):
    shown = run("claims", "--kb", BASE, "--html", "")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr.startswith("--html: error[output-kind]: results can only be written as HTML\n")


def test_place_that_cannot_be_written(run, monkeypatch, tmp_path):
    (tmp_path / "out.html").write_text("earlier")

    def refused(**_: object) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied", ".out.html.x.part")

    monkeypatch.setattr("engine.output.files.tempfile.mkstemp", refused)
    shown = run("claims", "--kb", BASE, "--html", "out.html")
    assert (shown.exit_code, shown.stdout) == (3, "")
    assert "out.html: error[cannot-write]: permission denied" in shown.stderr
    assert (tmp_path / "out.html").read_text() == "earlier"


def test_no_claim_of_the_bundled_base_is_left_out(kb):
    assert uncited(ledger(kb).values()) == []
