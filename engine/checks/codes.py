"""Explanations of the error codes for problems that make a knowledge base or a case unusable.

The readers in `engine` and `facts` report the problems with place, message and remedy; the texts here say
what does not fit in one line.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.loading.sections import NAMED

CODES: Mapping[str, str] = {
    "alias": "YAML anchors and aliases (`&x`, `*x`) are not read, because a few of them can expand to "
    "gigabytes. Write the value out.",
    "ambiguous": "The word names several things. Put the kind before it, as in `rule:stop`.",
    "bad-name": (
        "A name must begin with a letter and have only letters from a to z, digits, `_`"
        " and `-`, so that no format needs quotes around it."
    ),
    "band-overlap": "A number is in two bands of a population, so its share is ambiguous.",
    "column-type": "The type of a column does not match the answers to its question.",
    "compressed": "The file looks compressed. Unpack it first; only Parquet may be compressed.",
    "csv-fields": "A row has more or fewer fields than the header. Usually a text with a comma lacks "
    "its quotes.",
    "csv-line-end": "A row of a CSV file contains a line break where none is allowed.",
    "csv-quote": "A quote in a CSV file is never closed, or is in a place where no quote may be.",
    "cycle": "A rule must not depend on itself, so that the order of rules never matters. The message "
    "shows the shortest cycle; break it by changing one of these rules.",
    "decimals": "A number has more decimals than its question allows, or than can be represented exactly.",
    "duplicate-column": "A table has two columns with the same name, so it is unclear which one counts.",
    "duplicate-id": "Two cases have the same id, so a message about one could be taken for the other.",
    "duplicate-item": "A list contains the same name twice. Usually one of the two was meant to be "
    "another name.",
    "duplicate-key": "A mapping has the same key twice, and YAML readers disagree about which one they "
    "take. For two parts with the same key write `all: [...]`.",
    "edge-untested": "`coverage`: no case has the last value on one side of a threshold, so nobody "
    "would notice if `at_least` were `above`, or if the threshold were one step off.",
    "empty": "The file is empty. Write a section, or remove the file.",
    "empty-todo": "`todo` must say why the case cannot pass yet.",
    "empty-file": "The file is empty; perhaps the program that writes it failed. A file without cases "
    "should contain `[]`.",
    "empty-folder": "The folder contains no case files.",
    "empty-header": "The first line of a CSV file must name every column, and one has no name here.",
    "empty-list": "An empty list says nothing. Name at least one member, or remove the key.",
    "empty-part": "An empty part would be true for everybody. If that is meant, write `always`.",
    "empty-range": "No number is within both bounds, so the part can never be true.",
    "file-hidden": "The name of a file in a folder begins with `_`, which tools use for their own files.",
    "file-kind": "The name of a case file must end in .yaml, .json, .jsonl, .csv or .parquet, because "
    "the ending says how to read it.",
    "file-missing": "The file or folder does not exist.",
    "file-twice": "A file is named twice: directly, through a folder or through a link. It is read once.",
    "file-unreadable": "The file exists but cannot be read.",
    "folder-loop": "A link leads back to a folder that was read already. It is read once.",
    "json-syntax": "The text is not JSON.",
    "key": "The key of a mapping must be one word, not a list or a mapping.",
    "last-band": "The last band of a score must have no upper end, so that every number is in some band.",
    "last-class": "The last class must be `otherwise`, and no other, so that every number is in one class.",
    "line-never-decides": "`coverage`: no case shows that the score needs this line, because no bound "
    "on the score changes without it.",
    "line-too-long": "A line is too long to be one case.",
    "list-of-options": (
        "The answer to a `choices` question must be a list, so that it is clear whether other options apply."
    ),
    "map-syntax": "A map must have `columns: {theirs: ours}`, `values: {question: {theirs: ours}}`, or both.",
    "map-blank": "A map must not give a meaning to a blank value, because blank means unanswered.",
    "map-twice": (
        "Two columns of a file would get the same name. Give one of them"
        " another name in the map, or remove it."
    ),
    "map-column": "A map renames a column that the file does not have.",
    "misplaced-case": "A file beside the rules contains cases. Move it to the folder `cases` of the "
    "knowledge base. A knowledge base that is a single file has no such folder: turn it into a folder "
    "first.",
    "missing-column": "The file lacks a column that `--keep` or `--expect` names.",
    "missing-key": (
        "An entry lacks a required key. Every rule needs `when`, `then`, `because` (the reason that people"
        " read), and either `claims` or `ours: true` (what the rule rests on)."
    ),
    "never-decides": "`coverage`: no case shows whether the part is right, because the outcome of the "
    "rule never depends on it.",
    "never-false": "`coverage`: in no case is this part the only reason why the rule did not fire.",
    "never-true": "`coverage`: in no case does the rule fire because of this part.",
    "new-line": "A text that must be on one line contains a line break.",
    "no-answer": "`--what-if` needs `question=answer`, with the answer written as in a case file.",
    "no-answers": "A case must have `answers`, even if they are empty: `answers: {}`.",
    "no-columns": "No column of the table has the name of a question.",
    "no-files": "A knowledge base must be a folder with `.yaml` files, or one such file.",
    "no-population": "The file has no section `population` to draw people from.",
    "no-red-flag": "Only a level with `red_flag: true` may have `sooner` and `signs`, which say when to"
    " come back sooner.",
    "no-shares": "A population must have shares for at least one question.",
    "no-text": "A text that people will read is empty. Without a reason in `because` a rule cannot be "
    "explained.",
    "not-a-case": "A case must be a mapping with `id` and `answers`.",
    "not-a-mapping": "`expect` and `expect_not` must be mappings with the fields of an assessment.",
    "not-a-number": "The answer to a `number` question must be written in digits.",
    "not-a-text": "A text is expected here.",
    "not-utf8": "The file is not encoded in UTF-8. Save it as UTF-8.",
    "not-yes-no": "The answer to a `yes_no` question must be `yes`, `no` or `unknown`.",
    "nul-character": "The file contains a character that is not text. Usually it was saved as UTF-16.",
    "number-range": "The number is too large or has too many decimals to be represented exactly.",
    "old-name": (
        "A case file uses an old name of a question or an option. The answer is still read, through"
        " `formerly` in the questionnaire. In the cases of the knowledge base, write the current name."
    ),
    "old-name-taken": "`formerly` contains a current name of a question or an option, so it would be "
    "unclear which of the two an answer belongs to.",
    "old-name-twice": "An old name must have one current meaning, and an option must have one old name.",
    "one-option": "The answer to a `choice` question must be one option, not a list or a mapping.",
    "out-of-range": "The answer is below the minimum or above the maximum of its question.",
    "parquet-damaged": "A Parquet file is damaged, wholly or in part. Copy it or write it again.",
    "property-only": "Only properties, the entries of `safety`, may contain this part; a rule may not.",
    "property-violated": "`test`: an entry of `safety` does not hold in some case. Correct the rules.",
    "question-without-column": "The table has no column for a question, so that question is unanswered "
    "in every row.",
    "reserved-name": "A reserved word of the rule language cannot be a name.",
    "rows-lost": "The number of rows that were read differs from the number in the file, so the run "
    "ended without results.",
    "share-range": "A share is a number of people out of 100, so it must be from 0 to 100.",
    "share-sum": (
        "Everybody in a population is in one group, chooses one option of a `choice` and has one number,"
        " so these shares must add up to 100. A difference of up to 1 counts as rounding."
    ),
    "tag": "YAML tags (`!x`) are not read.",
    "threshold-range": "The threshold is outside the range of what is compared, so the part is always "
    "true or always false.",
    "too-deep": "The file is nested more deeply than any knowledge base needs to be.",
    "too-large": "The file, or all files together, exceed the maximum size.",
    "too-long": "The text or list exceeds the maximum length.",
    "too-many": "There are more problems than are shown. Fix these first; they may cause many of the others.",
    "too-many-columns": "The table has more columns than the questionnaire could ever need.",
    "twisted-name": "YAML 1.1 turns this word into another value (`no`, `on`, `1e3`), so other programs"
    " would read a different name. Choose another word.",
    "two-answers": "A question is answered twice, or its answers contradict each other.",
    "two-articles": "A triage rule must cite only one article, so that the level according to each "
    "article can be shown. Write one rule per article.",
    "two-bounds": "There are two lower or two upper bounds. Keep one of them.",
    "two-conclusions": "An entry of `then` must have exactly one conclusion. Write a list, one "
    "conclusion per `- `.",
    "two-forms": "A table must have a `choices` question either as one column or as one column per "
    "option, not both.",
    "two-hosts": "`shown_with` must name one host, or a list of hosts of the same kind.",
    "two-meanings": "A claim and an article have the same name, so in a command the name could refer to"
    " either.",
    "two-verbs": "A property must have exactly one of `must`, `never`, `not_ruled_out` and `stays`.",
    "unreached": (
        "No rule concludes this, or none with this support, so nothing that reads it can be true, and"
        " no page shows it. Write the rule, or remove the name."
    ),
    "unreadable": "The file exists but cannot be read.",
    "unusual": "A row is not written in the usual form and is read again by the slower, stricter reader.",
    "wrong-type": "Another type of value is expected here: a word, a text, a list or a mapping. The "
    "message says which.",
    "yaml-character": "YAML does not allow this character. It often comes with text copied from a web page.",
    "yaml-syntax": "The text is not valid YAML. Usually the cause is an indentation, a colon or a quote.",
}
TWICE = "The same name is declared twice, so it is unclear which of the two is meant."
UNKNOWN = "This name, key or word is unknown here. Usually it is misspelt. Names must be declared."
OTHER_WORDS = (
    "key",
    "option",
    "column",
    "section",
    "support",
    "encodable",
    "question",
    "number",
    "class",
    "subject",
)


def meaning_of(code: str) -> str:
    """The explanation of a code; empty if the code is unknown."""
    start, _, what = code.partition("-")
    general = {"duplicate": TWICE, "unknown": UNKNOWN}.get(start, "")
    is_known = what in NAMED.values() or (start == "unknown" and what in OTHER_WORDS)
    return CODES.get(code, general if is_known else "")
