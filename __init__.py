"""quorate: a model checker and verification toolkit for consensus protocols."""
