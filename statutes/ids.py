"""Ids of rows as addresses and forms give them. Pure: no Django."""


def read_id(text: str) -> int | None:
    """Return the id that a text is; None for what is none, or longer than a database's numbers.

    >>> read_id("42")
    42
    >>> read_id("42a"), read_id("٤٢"), read_id("9" * 19)
    (None, None, None)
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
