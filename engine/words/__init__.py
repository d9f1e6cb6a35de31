"""Words for parts, rules and names, and names for the words of users."""
