"""What the connector to SQL databases is made of."""
