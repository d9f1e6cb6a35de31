"""Columns of truth become complete assessments."""
