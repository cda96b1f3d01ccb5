"""Import pages of other tools: notebooks, MyST and Quarto files."""

from literate.importing.page import Imported, import_page

__all__ = ["Imported", "import_page"]
