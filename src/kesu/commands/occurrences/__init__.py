"""Standing duties: cases that the program opens by itself, once a period."""
