"""A file becomes cases, one after the other, whatever its format is."""
