"""Sentences: who must or must not do what, when, and except for whom."""
