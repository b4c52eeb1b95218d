"""Who will leave, and why: features as they were knowable, the models that read them, and how right these were."""
