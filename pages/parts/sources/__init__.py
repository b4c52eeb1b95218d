"""What the Sources page is made of."""
