"""Words: a text as tokens, and what each word can stand for."""
