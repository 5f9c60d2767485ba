"""Executing an admitted pipeline: the plan, the sandbox and one executor per family of steps."""
