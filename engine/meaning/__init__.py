"""What the rules mean: from answers to the truth of every name, and from there to an assessment."""
