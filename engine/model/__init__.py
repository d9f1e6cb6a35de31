"""The knowledge base, its population and the assessments are plain values."""
