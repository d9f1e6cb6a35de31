"""Turn file names into cases, or into segments of many cases."""
