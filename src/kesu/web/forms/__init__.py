"""Forms drawn from a pack's facts: what a step asks becomes fields, what comes back becomes raw text by fact code."""

from kesu.web.forms.drawing import draw, draw_for_outsider
from kesu.web.forms.reading import Given, Read, figure, identifier, moment, read_form

__all__ = ["Given", "Read", "draw", "draw_for_outsider", "figure", "identifier", "moment", "read_form"]
