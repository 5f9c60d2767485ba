"""One executor per family of steps; `find` says which one runs a type."""
