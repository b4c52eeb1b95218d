"""What the pages are made of: numbers, words, cards, charts, filters and the live top line."""
