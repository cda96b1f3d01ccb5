"""Import pages of other tools: notebooks, MyST and Quarto files."""

from literate.importing.foreign import ForeignError
from literate.importing.page import Imported, import_page

__all__ = ["ForeignError", "Imported", "import_page"]
