"""Why: every statement of the pack stations, built once."""
