"""Results to notebook and script, and to the view of a notebook that a site shows."""

from literate.notebook.cells import make_note, make_notebook
from literate.notebook.files import write_notebook, write_script
from literate.notebook.renderer import Renderer, RenderingError

__all__ = [
    "Renderer",
    "RenderingError",
    "make_note",
    "make_notebook",
    "write_notebook",
    "write_script",
]
