"""What the billing systems share, and a room for each: from their payloads to facts."""
