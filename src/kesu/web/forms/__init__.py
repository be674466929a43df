"""Forms drawn from a pack's facts: what a step asks becomes fields, what comes back becomes raw text by fact code."""

from kesu.web.forms.drawing import FIELDS, PART, Redrawn, draw, draw_for_outsider, redrawn
from kesu.web.forms.reading import Given, Read, figure, identifier, moment, no_longer_offered, read_form

__all__ = [
    "FIELDS", "PART", "Given", "Read", "Redrawn", "draw", "draw_for_outsider", "figure", "identifier", "moment",
    "no_longer_offered", "read_form", "redrawn",
]  # fmt: skip
