"""Past one machine: files or a DataFrame of cases to results on the executors of a Spark cluster.

    from cartsign.spark import assess_dataframe, assess_files

It needs `cartsign[spark]`.
"""

from engine.spark import assess_dataframe, assess_files

__all__ = ["assess_dataframe", "assess_files"]
