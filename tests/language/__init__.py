"""Tests of quorate.models.language."""
