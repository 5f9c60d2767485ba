"""Nouns: which things a phrase speaks about, and what narrows them."""
