"""Batch runs: assess any number of cases from files, and account for every row."""

AUDITED = 20
"""Number of rows of a run that are assessed again on experta."""
