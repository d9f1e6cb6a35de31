"""What people look at after a batch run: what was counted, as a table, a page with charts, and a document.

In: the tally of a run (`engine.tally.tally`; `engine.tally.counting` makes those of its segments) and its
knowledge base. Out: `terminal.table`, `html.page`, `document.as_plain`. Nothing here looks at a case again.
"""
