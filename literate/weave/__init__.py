"""Results to page: values, outputs, figures and their numbers, formulas, links in code."""

from literate.weave.autolink import link_names
from literate.weave.boxes import fault_box, show_fault
from literate.weave.elsewhere import find_elsewhere
from literate.weave.marks import Marks
from literate.weave.math import Formulas, MathError, write_numbers
from literate.weave.numbering import Numbering
from literate.weave.offered import inert
from literate.weave.pictures import picture
from literate.weave.weaver import Woven, weave
from literate.weave.zoom import enlarge

__all__ = [
    "Formulas",
    "Marks",
    "MathError",
    "Numbering",
    "Woven",
    "enlarge",
    "fault_box",
    "find_elsewhere",
    "inert",
    "link_names",
    "picture",
    "show_fault",
    "weave",
    "write_numbers",
]
