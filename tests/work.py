"""How much work a function does, measured without a clock."""

import sys
from collections.abc import Callable


def work(do: Callable[[], object]) -> int:
    """Return how many functions are called while `do` runs."""
    count = 0

    def count_call(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_call)
    try:
        do()
    finally:
        sys.setprofile(before)
    return count
