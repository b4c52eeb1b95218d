"""Where facts come from and rest."""
