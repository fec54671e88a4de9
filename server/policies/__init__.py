"""Policies: what is decided by configuration: the rule language, the facts it speaks of, and versioned rule sets."""
