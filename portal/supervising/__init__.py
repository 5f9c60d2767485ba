"""The parts of `make run`: one process of ours, the list of all, and what goes before them."""
