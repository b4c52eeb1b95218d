"""What people decided and what was done: rules, alerts, messages, jobs, the engine's own state."""
