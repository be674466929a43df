"""Registers of the papers that cases issued."""
