"""From columns of truth to complete assessments."""
