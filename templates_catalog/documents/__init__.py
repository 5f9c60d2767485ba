"""Documents as people type them: read with limits, checked against a model, written back with their
formatting."""
