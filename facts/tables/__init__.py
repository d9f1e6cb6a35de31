"""Read many cases into columns, one segment at a time, and write columns to files."""
