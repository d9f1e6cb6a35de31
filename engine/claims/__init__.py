"""What the articles say, and what carries it: the ledger of claims, for `cartsign claims`.

`ledger` says which rules, items and texts cite which claim; `exercise` which cases use them;
`engine.words.outline` puts rules into plain words; `review` gathers it for people; `terminal` and `html` set
it.
"""
