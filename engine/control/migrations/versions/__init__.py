"""The steps, in order: `r0001_…`, `r0002_…`; a step, once released, is never edited."""
