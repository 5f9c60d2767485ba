"""Meaning: what a phrase stands for, and how it becomes conditions over bound names."""
