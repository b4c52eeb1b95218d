"""What came in, kept raw, a folder a day: the log that the warehouse can be made from again."""
