"""Facts about one person or many: problems, vocabulary, cases and tables.

Nothing here knows about rules. `engine` imports this package, never the reverse.
"""
