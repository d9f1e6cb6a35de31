"""The modules to try, with the tests that concern each, quickest first, and the score to reach."""

from __future__ import annotations

FLOOR = 75.0
"""The least share of mutants, in percent, that the tests must kill; some of the rest change nothing."""
EACH = 3
"""Number of mutants of each module that are drawn where not all are tried."""

MEANING, TARGETS, SHARING, WIDE = (
    f"tests/test_{name}.py" for name in ("meaning", "targets", "sharing", "wide")
)
ITSELF = f"{MEANING}::test_the_meaning_by_itself"
FIRED, IN_COLUMNS = (
    (
        f"{MEANING}::test_every_part_beside_all_the_others[{machine}]",
        f"{TARGETS}::test_a_drawn_base[{machine}]",
    )
    for machine in ("experta", "columns")
)
DRAWN = f"{WIDE}::test_a_drawn_base"
COUNTS = (
    f"{SHARING}::test_so_many_of_some_is_what_the_meaning_says",
    f"{SHARING}::test_a_count_of_more_parts_than_a_byte_holds",
    f"{SHARING}::test_a_bound_on_the_options_chosen_is_what_the_meaning_says",
    f"{SHARING}::test_a_bound_in_units_says_what_it_says_in_ticks",
    f"{SHARING}::test_a_score_has_the_largest_unit_and_room_for_all",
    f"{SHARING}::test_a_part_of_a_network_has_all_that_its_roots_read",
    f"{SHARING}::test_gates_that_begin_alike_read_one_node",
    f"{SHARING}::test_a_gate_is_read_by_those_that_need_more",
)
COLUMNS = (IN_COLUMNS[0], *COUNTS, DRAWN)
EXPERTA = (
    FIRED[0],
    f"{TARGETS}::test_a_rule_fires_once_whatever_the_branches",
    f"{TARGETS}::test_what_experta_concluded_is_not_worked_out_again",
    f"{TARGETS}::test_the_kind_of_a_fact_is_that_of_its_name",
    f"{TARGETS}::test_every_firing_of_a_drawn_base_is_justified",
    f"{TARGETS}::test_the_ground_matcher_fires_as_expertas_own_on_a_drawn_base",
    FIRED[1],
)

READERS = tuple(
    f"tests/test_{name}.py" for name in ("limits", "segments", "casefile", "case_formats", "foreign_files")
)
SMALL = "tests/test_small_files.py"
BESIDE = ("tests/test_keys_beside.py",)

TESTS: dict[str, tuple[str, ...]] = {
    "engine.meaning.holds": (ITSELF, FIRED[0], *COUNTS, DRAWN),
    "engine.meaning.valuation": (ITSELF, "tests/test_valuation.py", "tests/test_asking.py", DRAWN),
    "engine.meaning.asking": ("tests/test_asking.py", FIRED[1]),
    "engine.meaning.network": (*COLUMNS, FIRED[1]),
    "engine.experta_target.matching": EXPERTA,
    "engine.experta_target": EXPERTA,
    "engine.experta_target.memory": EXPERTA,
    "engine.experta_target.productions": EXPERTA,
    "engine.columns.truth": COLUMNS,
    "engine.columns.kleene": COLUMNS,
    "engine.columns.scoring": COLUMNS,
    "engine.columns.sharing": (SHARING, IN_COLUMNS[0]),
    "engine.columns.wide": (WIDE,),
    "engine.batch.journal": ("tests/test_batch_journal.py",),
    "engine.batch.placing": ("tests/test_batch_journal.py", "tests/test_batch_faults.py"),
    "engine.batch.audit": ("tests/test_audit.py",),
    "engine.batch.counts": ("tests/test_audit.py",),
    "facts.answer": ("tests/test_answer.py", *READERS),
    **dict.fromkeys(
        (
            "facts.cases.csv_header",
            "facts.cases.csv_rows",
            "facts.tables.csv_sorting",
            "facts.cases.csv_table",
            "facts.cases.jsonl",
            "facts.trees.lines",
            "facts.tables.sorting",
        ),
        READERS,
    ),
    "facts.tables.csv_file": (SMALL, *READERS),
    "facts.tables.json_whole": (*BESIDE, *READERS),
    "facts.tables.jsonl_file": (*BESIDE, SMALL, *READERS),
    "facts.other_names.notes": ("tests/test_notes.py",),
    **dict.fromkeys(("facts.case_keys", "facts.tables.left_out"), BESIDE),
    "facts.cases.documents": (
        "tests/test_tree_rejects.py",
        "tests/test_case_formats.py",
        "tests/test_casefile.py",
    ),
    "facts.answers": ("tests/test_formerly.py", "tests/test_answer.py"),
    "facts.other_names.formerly": ("tests/test_formerly.py",),
    "facts.other_names.renaming": ("tests/test_value_maps.py",),
    "facts.tables.formerly": ("tests/test_formerly.py",),
    "facts.tables.parquet_file": ("tests/test_parquet_files.py", "tests/test_table_bounds.py"),
    "facts.parquet.thrift": ("tests/test_limits.py", "tests/test_parquet_files.py"),
}
