"""Loops that let time act and messages leave. They call commands and know no tables."""
