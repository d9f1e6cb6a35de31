"""The summary of a batch run: a table, a page with charts, and a JSON document.

In: the tally of a run (`engine.tally.tally`; `engine.tally.counting` makes those of its segments) and its
knowledge base. Out: `terminal.table`, `html.page`, `document.document`. Nothing here looks at individual
cases.
"""
