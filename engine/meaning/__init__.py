"""The rules give every name its truth for a case, and the truth gives the assessment."""
