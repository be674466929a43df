"""What is done with registers of papers."""
