"""What the Channels page is made of."""
