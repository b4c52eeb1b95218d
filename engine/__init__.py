"""What runs by itself: the command line, the timetable, and the one pass through everything."""
