"""The ledger of claims, for `cartsign claims`: what the articles say, and which rules, advice and texts use
it.

`ledger` lists the rules, items and texts that cite each claim; `exercise` the cases that use them;
`engine.words.outline` puts rules into plain words; `review` prepares the ledger for readers; `terminal` and
`html` present it.
"""
