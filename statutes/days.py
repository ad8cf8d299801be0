"""Days as Chinese text has them. Pure: no Django."""

from datetime import date


def day_in_words(day: date) -> str:
    """Return a day, or that of a moment, in words.

    >>> day_in_words(date(2026, 1, 1))
    '2026年1月1日'
    """
    return f"{day.year}年{day.month}月{day.day}日"
