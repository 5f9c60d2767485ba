"""Requests about drafts, answered by a web server of their own, so that pages and saves do not wait for it."""
