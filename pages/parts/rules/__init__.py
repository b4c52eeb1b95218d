"""What the Rules page is made of."""
