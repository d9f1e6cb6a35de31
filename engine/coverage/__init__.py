"""Which rules and parts the cases exercise, for `cartsign coverage`.

`shape` splits a rule into its parts; `measure` counts the cases in which each was true, false or unknown, and
those in which it decided; `summary` adds up; `gaps` and `missing` name what no case shows; `terminal`,
`document`, `listing` and `html` present it. `mcdc` and `mutation` ask for more, `deeper` adds that up, and
`missing_case` writes the cases that are missing.
"""
