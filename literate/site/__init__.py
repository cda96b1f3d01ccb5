"""The site: the only place that knows MkDocs."""

from literate.site.configuration import read_settings

__all__ = ["read_settings"]
