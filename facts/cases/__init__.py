"""Read case files one case at a time, one module per format."""
