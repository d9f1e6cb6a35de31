"""Explanations of the error codes for problems that make a knowledge base or a case unusable.

The readers in `engine` and `facts` report the problems with place, message and remedy; the texts here say
what does not fit in one line.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.loading.sections import NAMED

CODES: Mapping[str, str] = {
    "alias": "Anchors and aliases of YAML (`&x`, `*x`) are not read, as a few of them can stand for "
    "gigabytes. Write the value out.",
    "ambiguous": "The word names several things; put the kind before it, as in `rule:stop`.",
    "bad-name": "Names begin with a letter and are made of letters from a to z, digits, `_` and `-`, so "
    "that no format needs quotes around them.",
    "band-overlap": "A number lies in two bands of a population, so it is unclear how likely it is.",
    "column-type": "A column of a table has another type than the answers to its question.",
    "compressed": "The file begins like a compressed one. Unpack it; only Parquet is read compressed.",
    "csv-fields": "A row has more or fewer fields than the header; usually a text with a comma lacks its "
    "quotes.",
    "csv-line-end": "A line of a CSV file ends in the midst of a quoted text.",
    "csv-quote": "A quote in a CSV file is not closed, or is where none can be.",
    "cycle": "Rules may not depend on themselves, so that their order never matters. The message has the "
    "shortest way round; cut it at the rule that should not read on.",
    "decimals": "A number has more decimals than its question takes, or than can be counted exactly.",
    "duplicate-column": "A table has two columns of one name, so it is unclear which one counts.",
    "duplicate-id": "Two cases have one id; what is said of the one could be taken for the other.",
    "duplicate-item": "A list names something twice. Most often one of the two was meant to be another name.",
    "duplicate-key": "A mapping has a key twice, and readers of YAML take either. For two parts with one "
    "key write `all: [...]`.",
    "edge-untested": "`coverage`: no case has the last value on one side of a threshold, so nobody would "
    "notice if `at_least` were `above`, or the threshold one step off.",
    "empty": "The file says nothing. Write a section, or remove the file.",
    "empty-todo": "`todo` of a case says why it cannot pass yet.",
    "empty-file": "The file is empty; perhaps the program that writes it failed. Without cases it is `[]`.",
    "empty-folder": "The folder has no files of cases.",
    "empty-header": "The first line of a CSV file names its columns, and here one has no name.",
    "empty-list": "A list without members says nothing: name at least one, or leave the key out.",
    "empty-part": "A part without a question would hold for everybody. Write `always` where that is meant.",
    "empty-range": "No number keeps both bounds, so the part can never hold.",
    "file-hidden": "The name of a file in a folder begins with `_`, which tools use for their own files.",
    "file-kind": "Files of cases end in .yaml, .json, .jsonl, .csv or the like; the ending says how they "
    "are read.",
    "file-missing": "There is no such file or folder.",
    "file-twice": "A file is named twice, by itself, through a folder or through a link. It is read once.",
    "file-unreadable": "The file is there and cannot be read.",
    "folder-loop": "A folder is reached again through a link. It is read once.",
    "json-syntax": "The text is not JSON.",
    "key": "The key of a mapping is one word, not a list or a mapping.",
    "last-band": "The last band of a score has no upper end, so that every number lies in some band.",
    "line-never-decides": "`coverage`: no case shows that the score needs the line: no bound on the "
    "score changes without it.",
    "line-too-long": "A line of a file that is read line by line is too long to be one case.",
    "list-of-options": "The answer to a `choice` question is one option.",
    "map-syntax": "A map says `columns: {theirs: ours}` and `values: {question: {theirs: ours}}`.",
    "map-blank": "A map of values gives a meaning to a blank, or to a word of blanks; a blank is unanswered.",
    "map-twice": "Two columns of a file would have one name; map one of them to another, or not at all.",
    "map-column": "A map of names renames a column that the file does not have.",
    "misplaced-case": "A file beside the rules holds cases. They belong into the folder `cases` of the "
    "knowledge base; a base that is a single file has no such folder: make it a folder first.",
    "missing-column": "A column that `--keep` or `--expect` names is not in the file.",
    "missing-key": "An entry lacks a key that it must have. Every rule has `when`, `then`, `because`, which"
    " is shown to people, and `claims` or `ours: true`, so that it is known what the rule "
    "rests on.",
    "never-decides": "`coverage`: no case shows whether the part is right or wrong, for the rule never "
    "stands or falls with it.",
    "never-false": "`coverage`: in no case does the rule fail for this part alone.",
    "never-true": "`coverage`: in no case does the rule depend on this part alone.",
    "new-line": "A text of one line has a line break.",
    "no-answer": "`--what-if` takes `question=answer`, the answer written as in a file of cases.",
    "no-answers": "A case has `answers`, if only `answers: {}`.",
    "no-columns": "No column of the table has the name of a question.",
    "no-files": "A knowledge base is a folder with `.yaml` files, or one such file.",
    "no-population": "The file has no section `population`, from which people could be drawn.",
    "no-red-flag": "Only a level that is a red flag says when to come back sooner: `sooner` and `signs`.",
    "no-shares": "A population says how people answer, at least one question.",
    "no-text": "A text that people are to read is empty. A rule without a reason in `because` cannot be "
    "explained.",
    "not-a-case": "A case is a mapping with `id` and `answers`.",
    "not-a-mapping": "`expect` and `expect_not` are mappings, in the words of an assessment.",
    "not-a-number": "The answer to a `number` question is written in digits.",
    "not-a-text": "One text is expected here.",
    "not-utf8": "Files are read as UTF-8. Save the file so.",
    "not-yes-no": "The answer to a `yes_no` question is `yes` or `no`, or `unknown`.",
    "nul-character": "The file has characters that no text has; most often it was saved as UTF-16.",
    "number-range": "The number is too large, or has too many decimals, to be counted exactly.",
    "old-name": "A file of cases has the old name of a question or of an option. It is read as the question "
    "says in `formerly`; write the name of today in cases of the knowledge base.",
    "old-name-taken": "`formerly` has a name that a question or an option has today, so that nobody "
    "could tell which of the two an answer belongs to.",
    "old-name-twice": "An old name means one thing of today, and an option has one old name.",
    "one-option": "A question with one option asks nothing.",
    "out-of-range": "The answer is below the minimum or above the maximum of its question.",
    "parquet-damaged": "A Parquet file, or a part of it, is not as it was written. Copy or write it again.",
    "property-only": "Only properties, the entries of `safety`, may have this part: no rule may read it.",
    "property-violated": "`test`: an entry of `safety` does not hold in a case. Mend the rules.",
    "question-without-column": "A table has no column for a question, so that nobody has answered it.",
    "reserved-name": "The words of the language cannot be names.",
    "rows-lost": "A file has more or fewer rows than were read of it, so the run ended without results.",
    "share-range": "A share is a number of 100 people, so at least 0 and at most 100.",
    "share-sum": "Each person of a population is in one group, chooses one option of a `choice` and has one "
    "number, so the shares of these are 100 together; up to 1 more or less is taken for rounding.",
    "tag": "Tags of YAML (`!x`) are not read.",
    "threshold-range": "The number is outside of what it is compared with, so the part says always the same.",
    "too-deep": "The file has more levels than any knowledge base needs.",
    "too-large": "The file, or all files together, are larger than what is read.",
    "too-long": "The text, or the list, is longer than what is read.",
    "too-many": "There are more problems than are shown. Mend those above first; many of the rest may "
    "follow from them.",
    "too-many-columns": "The table has more columns than the questionnaire could ever need.",
    "twisted-name": "YAML 1.1 turns this word into something else (`no`, `on`, `1e3`), so other programs "
    "would read another name. Choose another word.",
    "two-answers": "A question is answered twice.",
    "two-articles": "A triage rule cites one article, so that the level of each article can be shown by "
    "itself. Write one rule for each.",
    "two-bounds": "There are two lower or two upper bounds; keep one of them.",
    "two-conclusions": "One conclusion says one thing; write a list, each beginning with `- `.",
    "two-forms": "In a table, a `choices` question has one of two forms, as one column or one for each"
    " option.",
    "two-hosts": "`shown_with` names one host, or a list of one sort.",
    "two-meanings": "A claim has the name of an article, so a command that is given the name could mean "
    "either.",
    "two-verbs": "A property says one thing: `must`, `never`, `not_ruled_out` or `stays`.",
    "unreached": "No rule concludes this, or none so firmly, so whatever reads it never holds, and nobody "
    "is ever shown it. Write the rule, or remove the name.",
    "unreadable": "The file is there and cannot be read.",
    "unusual": "A row of text is not written in the usual way, and is read again with care.",
    "wrong-type": "Something else is expected here: one word, a text, a list or a mapping. The message says"
    " which.",
    "yaml-character": "YAML does not allow this character. It often comes with text copied from a page.",
    "yaml-syntax": "The text is not YAML. Most often an indentation, a colon or a quote is not as it should"
    " be.",
}
TWICE = "A name is declared twice, so it is unclear which of the two is meant."
UNKNOWN = "This name, key or word is not known here; most often it is misspelt. Names have to be declared."
OTHER_WORDS = ("key", "option", "column", "section", "support", "encodable", "question", "number", "subject")


def meaning_of(code: str) -> str:
    """The explanation of a code; empty if the code is unknown."""
    start, _, what = code.partition("-")
    general = {"duplicate": TWICE, "unknown": UNKNOWN}.get(start, "")
    is_known = what in NAMED.values() or (start == "unknown" and what in OTHER_WORDS)
    return CODES.get(code, general if is_known else "")
