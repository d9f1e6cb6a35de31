"""The rule graph: what stands in it, what a case makes of it, how it is drawn, and what the command says."""

from __future__ import annotations

import re
import time
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from generators import bases_with_cases
from hypothesis import given, settings

from engine.graph import graph_of, graph_of_case, mermaid, svg
from engine.graph.layout import laid_out
from engine.graph.part import DRAWN, nodes_of
from engine.graph.svg import taken, wrapped
from engine.meaning.valuation import Valuation, prepare
from engine.words.subjects import KINDS, Subject
from facts.case import from_mapping

BASE = """
questions:
  coughs: {ask: Do you cough?, kind: yes_no}
  since: {ask: For how many days?, kind: number, unit: days, minimum: 0, maximum: 99}
  eased: {ask: What eases it?, kind: choices, options: {tea: tea, rest: rest}}
findings: {lasting: a cough that lasts}
conditions: {cold: {text: a cold}, flu: {text: influenza}}
triage: {home: {text: Stay at home}, doctor: {text: See a doctor}}
rules:
  lasts: {when: {coughs: yes, since: {above: 9}}, then: {finding: lasting}, because: It does., ours: true}
  a-cold:
    when: {coughs: yes}
    unless: {any: [{finding: lasting}, {eased: tea}]}
    then: {condition: cold, support: typical}
    because: It comes and goes.
    ours: true
  listed: {when: {coughs: yes}, then: {condition: cold, support: possible}, because: It may be., ours: true}
  a-flu:
    when: {finding: lasting, eased: [tea, rest]}
    then: [{condition: flu, support: possible}, {triage: doctor}]
    because: It stays.
    ours: true
  stay: {when: {condition: cold}, then: {triage: home}, because: It spreads., ours: true}
"""
HOSTILE = (
    '"]; click n1',
    "</svg><script>alert(1)</script>",
    "`#quot;` & %% end",
    "\u202eseulb",
    "a\x85\u2028b",
    "سعال 咳嗽",
)


@pytest.fixture(scope="module")
def base(read):
    return prepare(read(BASE))


def of_case(base, answers, about=None):
    case = from_mapping(answers, base.kb.questions)
    return graph_of_case(base, Valuation(base, case.answers), "a case", about)


def edges(graph):
    """Every edge in words: `start -> end`, `-x` where it must not hold."""
    title = {node.id: node.title for node in graph.nodes}
    return {f"{title[e.start]} {'-x' if e.opposite else '->'} {title[e.end]}" for e in graph.edges}


def states(graph):
    return {node.title: node.state for node in graph.nodes}


def test_a_rule_has_each_of_its_parts_and_what_it_concludes(base):
    assert edges(graph_of(base, ["rule:a-cold"])) == {
        "coughs: yes -> a-cold",
        "any -x a-cold",
        "lasting -> any",
        "eased: tea -> any",
        "lasts -> lasting",
        "coughs: yes -> lasts",
        "since: above 9 -> lasts",
        "a-cold -> cold (typical)",
    }


def test_a_finding_has_what_leads_to_it_and_what_it_leads_to_next(base):
    found = edges(graph_of(base, ["finding:lasting"]))
    assert {"since: above 9 -> lasts", "lasting -> any", "a-flu -> flu", "a-flu -> doctor"} <= found
    assert not {each for each in found if "eased" in each or "stay" in each}


def test_a_question_leads_to_every_rule_that_compares_it(base):
    assert edges(graph_of(base, ["question:eased"])) == {
        "eased: tea -> any",
        "any -x a-cold",
        "a-cold -> cold (typical)",
        "eased: [tea, rest] -> a-flu",
        "a-flu -> flu",
        "a-flu -> doctor",
    }


def test_a_score_stands_on_what_it_counts(read):
    scores = (
        "scores: {sum: {text: a sum, parts: [{points: 1, when: {coughs: yes}}, {question: since, times: 2}]}}"
    )
    rule = (
        "  high: {when: {score: {sum: {at_least: 3}}}, then: {finding: lasting}, because: B., ours: true}\n"
    )
    base = prepare(read(f"{scores}\n{BASE}{rule}"))
    expected = {"coughs: yes -> score sum: at_least 3", "since -> score sum: at_least 3"}
    assert expected <= edges(graph_of(base, ["rule:high"]))
    assert "since -> score sum: at_least 3" in edges(graph_of(base, ["question:since"]))


@pytest.mark.parametrize("about", [["level:home"], ["rule:listed", "rule:stay"]])
def test_a_condition_that_is_read_stands_on_every_support_for_it(base, about):
    found = edges(graph_of(base, about))
    assert {"a-cold -> cold", "listed -> cold", "cold -> stay", "stay -> home"} <= found


def test_the_overview_leads_past_the_rules(base):
    graph = graph_of(base)
    assert edges(graph) == {
        "coughs -> lasting",
        "since -> lasting",
        "coughs -> cold",
        "lasting -> cold",
        "eased -> cold",
        "lasting -> flu",
        "eased -> flu",
        "lasting -> doctor",
        "eased -> doctor",
        "cold -> home",
    }
    behind = {(edge.start, edge.end): edge.rules for edge in graph.edges}
    assert behind["question:coughs", "condition:cold"] == ("a-cold", "listed")


ADVISED = """
advice_kinds: {now: now, later: later}
advice:
  rest: {kind: now, text: Rest}
  walk: {kind: later, text: Walk, shown_with: {condition: flu}}
  sing: {kind: later, text: Sing}
"""
ADVISING = """
  rests: {when: {eased: rest}, then: {give: rest}, because: B., ours: true}
  stops: {when: {finding: lasting}, then: {hold: rest}, because: B., ours: true}
  sings: {when: {eased: tea}, then: {give: sing}, because: B., ours: true}
"""


def test_the_overview_has_the_advice_that_something_rests_on(read):
    reading = "  reads: {when: {advice: [rest, walk]}, then: {triage: home}, because: B., ours: true}\n"
    found = edges(graph_of(prepare(read(ADVISED + BASE + ADVISING + reading))))
    assert {each for each in found if "rest" in each or "walk" in each or "sing" in each} == {
        "eased -> rest",
        "lasting -> rest",
        "rest -> home",
        "flu -> walk",
        "walk -> home",
    }


def test_the_overview_has_no_advice_that_nothing_rests_on_unless_there_is_nothing_else(read):
    assert edges(graph_of(prepare(read(ADVISED + BASE + ADVISING)))) == edges(graph_of(prepare(read(BASE))))
    asked = "questions: {hurts: {ask: Does it hurt?, kind: yes_no}}\nadvice_kinds: {now: now}\n"
    advice = "advice: {rest: {kind: now, text: Rest}}\n"
    rule = "rules: {rests: {when: {hurts: yes}, then: {give: rest}, because: B., ours: true}}\n"
    assert edges(graph_of(prepare(read(asked + advice + rule)))) == {"hurts -> rest"}


def test_the_overview_has_what_holds_for_everybody_and_questions_that_no_rule_reads_yet(read):
    asked = "questions: {hurts: {ask: Does it hurt?, kind: yes_no}}\n"
    rule = "findings: {so: so}\nrules: {r: {when: always, then: {finding: so}, because: B., ours: true}}\n"
    assert [node.title for node in graph_of(prepare(read(asked + rule))).nodes] == ["so"]
    assert [node.title for node in graph_of(prepare(read(asked))).nodes] == ["hurts"]


def test_what_counts_against_a_condition_may_rest_on_it(read, run, write):
    rule = "  eases: {when: {condition: flu}, then: {finding: eased-by-it}, because: B., ours: true}\n"
    then = "{condition: flu, counts_against: true}"
    back = f"  back: {{when: {{finding: eased-by-it}}, then: {then}, because: B., ours: true}}\n"
    text = BASE.replace("a cough that lasts}", "a cough that lasts, eased-by-it: it eases}") + rule + back
    graph = graph_of(prepare(read(text)))
    assert {"flu -> eased-by-it", "eased-by-it -> flu", "eased -> flu"} <= edges(graph)
    layout = laid_out(graph, dict.fromkeys((node.id for node in graph.nodes), 30.0))
    assert layout.column["condition:flu"] < layout.column["finding:eased-by-it"]
    paths = [each.get("d") for each in ElementTree.fromstring(svg(graph).encode()).iter() if each.get("d")]
    assert sum("l-8 4l8 4z" in path for path in paths) == 1


def every_graph(base, case):
    """The overview, each name that can be drawn, and both for a case."""
    kb = base.kb
    named = [(kind, name) for kind in DRAWN for name in kb.places[KINDS[kind][0]]]
    abouts = [None, *(nodes_of(Subject(kind, name), base) for kind, name in named)]
    for about in abouts:
        yield graph_of(base, about)
        yield graph_of_case(base, case, "a case", about)


@given(drawn=bases_with_cases(cases=1))
@settings(max_examples=10)
def test_every_name_of_any_base_can_be_drawn_in_every_way(drawn, read):
    text, [answers] = drawn
    base = prepare(read(text))
    case = Valuation(base, from_mapping(answers, base.kb.questions).answers)
    for graph in every_graph(base, case):
        there = {node.id for node in graph.nodes}
        assert {end for edge in graph.edges for end in (edge.start, edge.end)} <= there
        assert mermaid(graph).count("\n  n") == len(graph.nodes) + len(graph.edges)
        boxes = ElementTree.fromstring(svg(graph).encode()).iter("{http://www.w3.org/2000/svg}rect")
        assert sum(each.get("class") == "box" for each in boxes) == len(graph.nodes)


def test_a_case_shows_what_fired_and_what_waits_for_one_thing_more(base):
    graph = of_case(base, {"coughs": True, "since": 20, "eased": ["rest"]})
    assert states(graph) == dict.fromkeys(
        ("coughs: yes", "since: above 9", "eased: [tea, rest]", "lasts", "lasting"),
        "fired",
    ) | dict.fromkeys(
        ("a-flu", "flu", "doctor", "listed", "cold", "stay", "home"),
        "fired",
    )
    assert "→ 20" in next(node.text for node in graph.nodes if node.title == "since: above 9")


def test_around_a_name_what_is_open_and_what_is_blocked_is_shown(base):
    about = ["condition:flu:possible", "condition:cold:typical"]
    graph = of_case(base, {"coughs": True, "since": 20}, about)
    assert states(graph)["a-flu"] == "open"
    assert states(graph)["lasting"] == "fired"
    assert states(graph)["a-cold"] == "blocked"


def test_nothing_known_fires_nothing(base):
    graph = of_case(base, {})
    assert graph.nodes == ()
    assert "nothing fires" in svg(graph)


@pytest.mark.parametrize("about", [None, ["rule:a-cold"], ["finding:lasting"]])
def test_boxes_do_not_lie_on_each_other_and_edges_lead_to_the_right(base, about):
    graph = graph_of(base, about)
    heights = {node.id: 20.0 + 7 * (at % 4) for at, node in enumerate(graph.nodes)}
    layout = laid_out(graph, heights)
    for one, other in combinations(heights, 2):
        if layout.column[one] == layout.column[other]:
            apart = abs(layout.middle[one] - layout.middle[other])
            assert apart >= (heights[one] + heights[other]) / 2
    assert all(layout.column[edge.start] < layout.column[edge.end] for edge in graph.edges)


def test_strong_dashed_and_opposite_can_be_told_apart_without_colour(base):
    picture = svg(of_case(base, {"coughs": True, "eased": []}, ["rule:a-cold"]))
    root = ElementTree.fromstring(picture.encode())
    classes = {each.get("class") for each in root.iter()}
    assert {"rule open", "answer fired", "edge open", "not"} <= classes
    assert "stroke-dasharray" in picture


def test_a_picture_inside_a_page_has_no_header_no_ids_and_a_style_of_its_own(base):
    picture = svg(graph_of(base), inline=True)
    assert picture.startswith("<svg ")
    assert not re.search(r"\bid=|url\(|href", picture)
    style = picture.partition("<style>")[2].partition("</style>")[0]
    assert all(
        re.match(r"(@media print \{ |@page )?\.?rule-graph ", line) for line in style.strip().splitlines()
    )
    assert svg(graph_of(base)).startswith("<?xml")


def test_a_picture_of_its_own_says_that_nothing_may_be_fetched_or_run_as_pages_do(base):
    root = ElementTree.fromstring(svg(graph_of(base)).encode())
    [policy] = root.iterfind(".//{http://www.w3.org/1999/xhtml}head/{http://www.w3.org/1999/xhtml}meta")
    page = Path("engine/output/head.html")
    assert policy.get("content") == "default-src 'none'; style-src 'unsafe-inline'"
    assert policy.get("content") in (Path(__file__).parent.parent / page).read_text("utf-8")
    assert "Content-Security-Policy" not in svg(graph_of(base), inline=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_text_says_it_stays_a_text(read, text):
    escaped = "".join(c if c.isalnum() or c == " " else f"\\U{ord(c):08X}" for c in text)
    base = prepare(read(BASE.replace("Do you cough?", f'"{escaped}"')))
    picture, chart = svg(graph_of(base)), mermaid(graph_of(base))
    tags = {each.tag.rpartition("}")[2] for each in ElementTree.fromstring(picture.encode()).iter()}
    assert tags <= {
        "svg",
        "title",
        "metadata",
        "head",
        "meta",
        "style",
        "text",
        "g",
        "path",
        "circle",
        "rect",
    }
    line = re.compile(
        r'  (accTitle: [^;{}"]*|n\d+\W+"(?:[^"#&<;`]|#\d+;|<br/>)*"\W+|n\d+ \W+(?:\|not\|)? n\d+)'
    )
    assert all(line.fullmatch(each) for each in chart.splitlines()[1:])
    assert "\u202e" not in picture + chart


def test_texts_are_broken_between_words_and_long_words_at_a_dash():
    assert wrapped("what eases the pain", 10) == ["what eases", "the pain"]
    assert wrapped("spondylolisthesis-worse", 20) == ["spondylolisthesis-", "worse"]
    assert wrapped("a b c d e f g h", 3) == ["a b", "c d", "e…"]
    assert taken("咳嗽") == 4
    assert wrapped("咳嗽咳嗽", 1, most=9) == ["咳", "嗽", "咳", "嗽"]


def test_the_bundled_base_has_every_rule_that_does_more_than_advise_behind_an_edge(kb):
    behind = {rule for edge in graph_of(prepare(kb)).edges for rule in edge.rules}
    advising = {
        id
        for id, rule in kb.rules.items()
        if all(type(each).__name__ in ("Gives", "Withholds") for each in rule.then)
    }
    always = {id for id, rule in kb.rules.items() if type(rule.when).__name__ == "Always"}
    assert behind == set(kb.rules) - advising - always


def test_every_name_of_the_bundled_base_can_be_drawn(kb):
    base = prepare(kb)
    for rule in kb.rules:
        graph = graph_of(base, [f"rule:{rule}"])
        assert f"rule:{rule}" in {node.id for node in graph.nodes}
        assert len(graph.edges) >= 1


def test_a_large_base_is_refused_as_a_picture_in_words_and_soon(run, write):
    rules = "".join(
        f"  r{at}: {{when: {{q{at % 99}: yes}}, then: {{finding: f{at}}}, because: B., ours: true}}\n"
        for at in range(4_000)
    )
    asked = "".join(f"  q{at}: {{ask: Is it?, kind: yes_no}}\n" for at in range(99))
    found = "".join(f"  f{at}: it is\n" for at in range(4_000))
    file = write("big.yaml", f"questions:\n{asked}findings:\n{found}rules:\n{rules}")
    began = time.monotonic()
    result = run("graph", "--kb", file, "-o", "big.svg")
    assert result.exit_code == 3
    assert "error[too-large]" in result.output
    assert time.monotonic() - began < 30


def test_without_igraph_the_command_says_what_to_install(run, monkeypatch):
    monkeypatch.setattr("engine.commands.graph.is_installed", lambda: False)
    result = run("graph", "stenosis-hallmark", "--format", "svg")
    assert result.exit_code == 3
    assert "pip install 'cartsign[author]'" in result.output
    assert run("graph", "stenosis-hallmark").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("stenosis-halmark",), "did you mean `stenosis-hallmark`?"),
        (("rule:nothing-at-all",), "there is nothing named `rule:nothing-at-all`"),
        (("-o", "nowhere/x.svg"), "name a file in a folder that exists"),
        (("-o", "x.png"), "results can only be written as SVG or Mermaid"),
        (("-o", "x.mmd", "--format", "svg"), "the name of the file does not fit the format svg"),
        (("--case", "x"), "name the file with `--of`"),
        (("--of", "nobody-at-all"), "there is no case `nobody-at-all`"),
    ],
)
def test_what_cannot_be_drawn_is_said(run, words, said):
    result = run("graph", *words)
    assert result.exit_code == 2
    assert said in result.output


def test_a_case_that_is_not_there_is_unreadable(run):
    result = run("graph", "--of", "nowhere.yaml")
    assert (result.exit_code, "there is no such file" in result.output) == (4, True)


def test_the_base_is_not_written_over_and_a_name_of_two_things_is_asked_about(run, write):
    file = write("base.yaml", BASE.replace("lasts: {when", "lasting: {when"))
    result = run("graph", "lasting", "--kb", file)
    assert result.exit_code == 2
    assert "write `rule:lasting` or `finding:lasting`" in result.output
    assert run("graph", "finding:lasting", "--kb", file, "-o", "out.svg").exit_code == 0
    assert run("graph", "--kb", ".", "-o", "out.svg").exit_code == 2


def test_one_case_of_several_is_named(run, write):
    file = write("base.yaml", BASE)
    cases = write("cases.yaml", "- {id: a, answers: {coughs: yes}}\n- {id: b, answers: {}}\n")
    assert "the file has more than one case" in run("graph", "--kb", file, "--of", cases).output
    assert "there is no case `zz`" in run("graph", "--kb", file, "--of", cases, "--case", "zz").output
    assert ":::fired" in run("graph", "--kb", file, "--of", cases, "--case", "a").output
    assert ":::fired" not in run("graph", "--kb", file, "--of", cases, "--row", "2").output
