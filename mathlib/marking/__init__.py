"""The marking of a submission: what it claims, what is computed, and the verdict."""

from mathlib.marking.claims import Claim, Table, Verdict, agrees, tally
from mathlib.marking.transcription import Line, typeset

__all__ = ["Claim", "Line", "Table", "Verdict", "agrees", "tally", "typeset"]
