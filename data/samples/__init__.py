"""A made-up company, for the demo and for trying things out."""
