"""What a drawing says of its elements."""

import re

__all__ = ["attributes"]


def attributes(svg, element, content=""):
    """Give the attributes of each element of a kind, or of those with a text."""
    return [
        dict(re.findall(r'([\w-]+)="([^"]*)"', found))
        for found, text in re.findall(rf"<{element}\b([^>]*)>([^<]*)", svg)
        if content in text
    ]
