"""Results are counted over many cases, and the counts are added up."""
