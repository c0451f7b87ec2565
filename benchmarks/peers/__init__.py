"""Model checkers run on the same state machines, side by side."""
