"""Synthetic articles for benchmarks: made of the words of real statutes, straight into rows."""
