"""Batch runs: assess any number of cases from files, and account for every row."""
