"""The parts of the page of churn risk."""
