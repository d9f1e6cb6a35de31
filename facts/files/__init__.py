"""Names of files become cases, or segments of many cases."""
