"""What `spark-submit` is given: `cartsign spark`, without its name."""

from engine.commands.spark import spark

spark(prog_name="cartsign spark")
