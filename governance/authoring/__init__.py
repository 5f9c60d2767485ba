"""From plain English to a policy with its evidence: pure functions, no model needed."""
