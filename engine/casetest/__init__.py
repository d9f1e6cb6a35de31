"""Whether the cases of a knowledge base give what they must, and why where they do not.

In: cases with `expect` and `expect_not`. Out: an outcome a case (`running`), the difference explained by the
rules and answers behind it (`explaining`), and the expectations rewritten for review (`updating`).
"""
