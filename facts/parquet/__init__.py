"""Read and combine the footers of Parquet files."""
