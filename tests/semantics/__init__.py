"""Tests of quorate.models.semantics."""
