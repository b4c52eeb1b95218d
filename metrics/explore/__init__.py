"""Cohorts of any kind, asked of what an edition knows of every account."""
