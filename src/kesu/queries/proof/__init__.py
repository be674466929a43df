"""What can be proved of the log, and how the nights went."""
