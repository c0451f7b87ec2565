"""What quorate costs, and other tools beside it."""
