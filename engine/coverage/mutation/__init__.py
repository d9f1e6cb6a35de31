"""Whether the cases notice small changes of the knowledge base, for `cartsign coverage --mutate`.

`parts`, `conclusions` and `scores` change one thing at a time, and `mutants` lists all changes. `killing`
holds each against the cases; `measure` proves which of the others change nothing, and finds for each of the
rest the smallest case that would notice it.
"""
