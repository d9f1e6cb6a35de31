"""Other engines beside ours: the same rules, the same cases, the same columns.

    python -m tests.bench.engines --help

Each engine gets a program made from the network of a knowledge base (`engine.meaning.network`), one module an
engine, each with a function `engine(work)`.
"""
