"""The numbers on a wall: a few slides in large type, one after the other, without any frame."""
