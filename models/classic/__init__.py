"""Small state machines whose figures are published: they show that the language says what TLA+ says."""
