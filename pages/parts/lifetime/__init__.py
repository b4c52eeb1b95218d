"""Lifetime value and what is projected, on screen."""
