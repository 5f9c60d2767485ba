"""The embedded policy engine: one address, and behind it an OPA for each revision of the bundle."""
