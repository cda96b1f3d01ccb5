"""The site: the only place that knows MkDocs."""

__all__: list[str] = []
