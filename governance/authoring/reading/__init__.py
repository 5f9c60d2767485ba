"""The language front end: a request in English becomes tokens, phrases and typed meaning."""
