"""Whether the cases notice small changes of the knowledge base, for `cartsign coverage --mutate`.

`parts`, `conclusions` and `scores` change one thing at a time, and `mutants` lists all changes. `killing`
assesses the cases with each; `measure` proves which of the unnoticed ones change no assessment, and finds the
smallest case that would notice each of the rest.
"""
