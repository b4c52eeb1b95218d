"""What is known of each account by itself: its facts and its usage, beside the editions."""
