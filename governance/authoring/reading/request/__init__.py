"""A whole request: its sentences, what was corrected, left out or only explained, and doubts about the result."""
