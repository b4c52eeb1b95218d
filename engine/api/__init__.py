"""The numbers over HTTP, for notebooks and other programs: what may be asked is declared once."""
