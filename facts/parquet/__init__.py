"""The footers of Parquet files are read and put together."""
