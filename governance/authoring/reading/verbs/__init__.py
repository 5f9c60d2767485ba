"""Verbs: what things have, do and are, and what is decided about them."""
