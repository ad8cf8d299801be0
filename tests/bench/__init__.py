"""Benchmarks, one module a subject: `make bench` prints a table, figures beside yardsticks.

A subject has `rows()`, which yields Rows; it is asked once for each dataset, or once in all if
it says `NEEDS_DATASET = False`. It runs in a process of its own, Django set up on that dataset.
"""
