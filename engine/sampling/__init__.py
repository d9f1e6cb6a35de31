"""Dice draw cases that nobody had, for any knowledge base."""
