"""Counts of results over many cases, which can be added up."""
