"""The guide: five steps, each checked off on the reader's own data."""
