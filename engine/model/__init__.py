"""The data model: the knowledge base, its population and assessments, all plain values."""
