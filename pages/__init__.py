"""What people see: layout only, no SQL, no sums."""
