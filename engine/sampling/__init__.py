"""Randomly drawn cases, for any knowledge base."""
