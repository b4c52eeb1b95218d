"""What was asked for and what was done: the jobs and the engine's own state, kept in the control store."""
