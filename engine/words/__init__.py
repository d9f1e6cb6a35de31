"""Parts, rules and names are put into words, and words of users are matched to names."""
