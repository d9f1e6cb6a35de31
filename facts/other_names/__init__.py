"""Translate names in files to those of the questionnaire, and report unknown names."""
