"""How the control store's tables came to be, a file a step."""
