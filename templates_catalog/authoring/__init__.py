"""Plain English to documents: plans, edits and fixes, without a model."""
