"""`python -m cartsign` is the command `cartsign`."""

from engine.commands import start

start()
