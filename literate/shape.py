"""Records as JSON, and JSON as records: what does not have a record's shape is none."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

__all__ = ["describe", "restore"]


def describe(record: Any) -> dict[str, Any]:
    """Return a record as JSON can hold it.

    Examples
    --------
    >>> from literate.result import Figure
    >>> describe(Figure("", 200, b"light", b"dark"))["light"]
    'bGlnaHQ='
    """
    return {name: _plain(getattr(record, name)) for name in _types(record.__class__)}


def restore(kind: Any, data: Any) -> Any:
    """Return what JSON holds as the type of record that it was made of.

    Raises
    ------
    TypeError, ValueError
        It does not have the shape of that type.

    Examples
    --------
    >>> restore(tuple[tuple[str, ...], ...], [["a"], []])
    (('a',), ())
    >>> restore(dict[str, int], {"a": "1"})
    Traceback (most recent call last):
    TypeError: int required, got str
    """
    parts = get_args(kind)
    if kind is Any:
        return data
    if get_origin(kind) is UnionType:
        (present,) = (part for part in parts if part is not NoneType)
        return None if data is None else restore(present, data)
    if get_origin(kind) in (list, tuple) and type(data) is list:
        return get_origin(kind)(restore(parts[0], part) for part in data)
    if get_origin(kind) in (dict, Mapping) and type(data) is dict:
        return {name: restore(parts[1], part) for name, part in data.items()}
    types = _types(kind) if isinstance(kind, type) and is_dataclass(kind) else None
    if types and type(data) is dict and data.keys() == types.keys():
        return kind(**{name: restore(part, data[name]) for name, part in types.items()})
    if kind is bytes and type(data) is str:
        return base64.b64decode(data, validate=True)
    if kind is not type(data):
        name = getattr(kind, "__name__", kind)
        raise TypeError(f"{name} required, got {type(data).__name__}")
    return data


@cache
def _types(kind: Any) -> dict[str, Any]:
    """Return the types of a record's fields."""
    return get_type_hints(kind)


def _plain(data: Any) -> Any:
    """Return records, lists, mappings and bytes as JSON can hold them."""
    if isinstance(data, str):
        return data
    if isinstance(data, bytes):
        return base64.b64encode(data).decode()
    if isinstance(data, Mapping):
        return {name: _plain(part) for name, part in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(part) for part in data]
    return describe(data) if is_dataclass(data) else data
