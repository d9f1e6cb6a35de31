"""Whether the cases of a knowledge base give the expected results, and why they do not.

In: cases with `expect` and `expect_not`. Out: one outcome per case (`running`), each difference explained by
the rules and answers that caused it (`explaining`), and expectations rewritten for review (`updating`).
"""
