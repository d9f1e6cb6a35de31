"""A run assesses files of cases, however many, and accounts for every row."""
