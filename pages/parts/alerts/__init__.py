"""What the Alerts page is made of."""
