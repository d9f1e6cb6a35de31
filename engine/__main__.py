"""`python -m engine` is `cartsign`."""

from engine.commands import main

main(prog_name="cartsign")
