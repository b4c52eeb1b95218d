"""Rules judge what is published; verdicts move alerts; alerts call for messages."""
