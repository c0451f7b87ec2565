"""The native engine: a model as machine code, explored with all cores."""
