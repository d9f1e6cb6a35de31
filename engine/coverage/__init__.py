"""Which rules and parts the cases exercise: for `cartsign coverage`.

`shape` opens a rule into its parts; `measure` counts the cases in which each part was true, false and unknown,
and those in which it decided its rule; `summary` adds up; `gaps` and `missing` say which case nobody has
written; `terminal`, `document` and `html` set it.
"""
