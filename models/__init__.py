"""Protocols, written in the modelling language (`quorate.models.language`)."""
