"""What is known about one person, or about many: problems, vocabulary, cases and tables.

Nothing here knows a rule; `engine` builds on this package and never the other way round.
"""
