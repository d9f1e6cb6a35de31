"""Names in files become those of the questionnaire, and what has no name there is told."""
