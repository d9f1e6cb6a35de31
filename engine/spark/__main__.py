"""The script for `spark-submit`: runs `cartsign spark`."""

from engine.commands.spark import spark

spark(prog_name="cartsign spark")
