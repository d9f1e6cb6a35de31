"""Results and pages are written to files, which appear whole or not at all."""
