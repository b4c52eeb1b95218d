"""Brings what sources give to one shape: checked, counted once, in one transaction."""
