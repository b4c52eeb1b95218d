"""Series of figures in which it is known when something happened."""
