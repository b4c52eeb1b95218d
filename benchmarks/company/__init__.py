"""A made-up company of any size, for the benchmarks that need a long history."""
