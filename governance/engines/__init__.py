"""Adapters behind the port PolicyEngine, and the limited process drafts are checked in."""
