"""Who will leave, and why: features as they were knowable, models that read them, and how right they were."""
