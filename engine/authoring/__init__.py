"""Tools that change the files of a knowledge base for the people who write it.

`uses` finds every place that names something, in cases and maps too; `rename` changes them all and shows that
nothing else changes.
"""
