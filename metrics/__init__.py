"""What the numbers mean: definitions in SQL, computed, audited and published as an edition."""
