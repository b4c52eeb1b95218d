"""One connector a file: where facts are fetched from."""
