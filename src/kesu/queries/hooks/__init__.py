"""What is told to programs outside, as pages show it."""
