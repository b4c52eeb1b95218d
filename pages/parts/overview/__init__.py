"""What stands on the Overview alone."""
