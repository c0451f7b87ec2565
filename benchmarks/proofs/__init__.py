"""How long the proofs that come with quorate take, over several seeds, and those of another prover beside them."""
