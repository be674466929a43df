"""Renders and sends one message from plain data. Knows no tables and no rules."""
