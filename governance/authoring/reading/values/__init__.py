"""Values: numbers, names, texts and fields, and what is said about them."""
