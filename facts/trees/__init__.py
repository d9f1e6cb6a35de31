"""Parse YAML and JSON into trees of scalars, lists and mappings with source positions."""
