"""What the connector to Stripe's API is made of."""
