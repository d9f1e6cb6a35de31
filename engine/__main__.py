"""`python -m engine` is `cartsign`."""

from engine.commands import start

start()
