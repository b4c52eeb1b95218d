"""What the connector to watched folders is made of."""
