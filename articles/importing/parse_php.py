"""PHP's serialize() → plain values. Pure: nothing is made that can act, objects are refused."""

import re

MAX_DEPTH = 20
_SCALAR = re.compile(rb"([ibd]):([^;]{1,40});")
_COUNT = re.compile(rb"([sa]):(\d{1,9}):")


def unserialize(text: str):
    """Return the value of a serialized string, arrays as dicts. Raises ValueError.

    >>> unserialize('a:2:{s:1:"x";i:1;i:0;s:3:"甲";}')
    {'x': 1, 0: '甲'}
    """
    value, _ = _read(text.encode("utf-8", "surrogatepass"), 0, 0)
    return value


def _read(source: bytes, at: int, depth: int):
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    if source[at : at + 2] == b"N;":
        return None, at + 2
    if found := _SCALAR.match(source, at):
        kind, value = found[1], found[2]
        read = int(value) if kind == b"i" else float(value) if kind == b"d" else value == b"1"
        return read, found.end()
    found = _COUNT.match(source, at)
    if not found:
        raise ValueError(f"no serialized value at byte {at}")
    size = int(found[2])
    if found[1] == b"s":
        start, end = found.end() + 1, found.end() + 1 + size
        if source[end : end + 2] != b'";':
            raise ValueError(f"a string of another length at byte {at}")
        return source[start:end].decode("utf-8", "replace"), end + 2
    values, at = {}, found.end() + 1
    for _ in range(size):
        key, at = _read(source, at, depth + 1)
        values[key], at = _read(source, at, depth + 1)
    return values, at + 1
