"""The site: the only place that knows MkDocs."""

from literate.site.plugin import LiteratePlugin

__all__ = ["LiteratePlugin"]
