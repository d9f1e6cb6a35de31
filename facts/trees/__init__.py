"""Files become trees of scalars, lists and mappings that know their place."""
