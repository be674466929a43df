"""The demonstration group: an invented company, its people, and a few dozen cases in every stage.

Everything is made by the same commands that people use, with moments in the past; the stories are data beside this
file. Nothing of it is needed for the program to work.
"""

from kesu.config.demonstration.build import build

__all__ = ["build"]
