"""From a program to z3: proofs by induction, and bounded model checking."""
