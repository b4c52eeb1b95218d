"""The weekly letter about the numbers: when it is due, what it says, how it looks."""
