"""`python -m cartsign` runs the command `cartsign`."""

from engine.commands import start

start()
