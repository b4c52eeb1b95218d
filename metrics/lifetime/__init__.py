"""What customers are worth: how long they stay, what they bring meanwhile, and how far to trust it."""
