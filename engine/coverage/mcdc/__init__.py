"""Modified condition/decision coverage, for `cartsign coverage --mcdc`.

`goals` says what cases must show, as claims about one case; `measure` finds the case that shows each, proves
which goals no case can reach, and finds the smallest case for the rest.
"""
