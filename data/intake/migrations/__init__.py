"""How the inbox file came to its present tables."""
