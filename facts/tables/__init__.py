"""Many cases become columns, a segment at a time, and columns become files."""
