"""What ``mkdocs.yml`` says of a project's pages, without the plugins and the theme of the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError
from mkdocs.structure.files import get_files
from mkdocs.utils import markdown_extensions
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from literate.settings import Settings
from literate.site.options import LiterateConfig

__all__ = ["read_settings"]

KEYS = ("docs_dir", "site_dir", "exclude_docs", "draft_docs")
"""What decides which pages are published."""


def read_settings(file: Path) -> Settings:
    """Read which pages a site publishes, and the options of the plugin.

    Tags that name an object of Python are not followed: what they stand for does not matter here.

    Parameters
    ----------
    file
        The site's configuration, such as ``mkdocs.yml``.

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        It is not the configuration of a site.
    """
    loader: Any = get_yaml_loader(yaml.SafeLoader)
    loader.add_constructor(None, lambda *_: None)
    try:
        with file.open("rb") as stream:
            given = yaml_load(stream, loader)
    except ConfigurationError as error:
        raise ValueError(f"{file}: {error}") from error
    if not isinstance(given, dict):
        raise ValueError(f"{file} is no configuration of a site")  # noqa: TRY004 - the file is wrong, not the call
    config = MkDocsConfig(config_file_path=str(file.absolute()))
    known = {key: given[key] for key in KEYS if key in given}
    docs = file.parent.absolute() / str(known.get("docs_dir", "docs"))
    missing = [] if docs.is_dir() else ["docs_dir"]  # a first page makes it
    _load(config, {"site_name": file.stem, "plugins": [], **known}, file, missing)
    options = LiterateConfig()
    _load(options, _options(given.get("plugins")), file)
    root = file.parent.absolute()
    return Settings(
        root=root,
        docs=docs,
        uris=() if missing else tuple(_pages(config)),
        record=root / options.record,
        limits=options.limits(),
        workers=options.workers,
        keep=options.cache,
        made=(Path(config.site_dir).absolute(),),
    )


def _pages(config: MkDocsConfig) -> Iterator[str]:
    """Yield the pages that a site publishes."""
    for page in get_files(config).documentation_pages():
        if page.src_uri.endswith(markdown_extensions) and page.inclusion.is_included():
            yield page.src_uri


def _load(config: Config, given: dict[str, Any], file: Path, missing: Sequence[str] = ()) -> None:
    """Put what is given into a configuration, and check all of it that is not missing."""
    config.load_dict(given)
    errors, _ = config.validate()
    for name, error in errors:
        if name in missing:
            continue
        raise ValueError(f"{file}: `{name}`: {error}")


def _options(plugins: Any) -> dict[str, Any]:
    """Return the plugin's options, which stand in a list of plugins or in a mapping."""
    for plugin in [plugins] if isinstance(plugins, dict) else plugins or ():
        if isinstance(plugin, dict) and "literate" in plugin:
            return plugin["literate"] or {}
    return {}
