"""Kesu 客诉: the complaint system in which the written policy is the program."""

__version__ = "0.1.0"
