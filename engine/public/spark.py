"""Assessment of files or a DataFrame of cases on the executors of a Spark cluster.

    from cartsign.spark import assess_dataframe, assess_files

Requires `cartsign[spark]`.
"""

from engine.spark import assess_dataframe, assess_files

__all__ = ["assess_dataframe", "assess_files"]
