"""Taking a page along: as a picture, or as a PDF."""
