"""Where facts rest: the only room that opens the warehouse."""
