"""Why: every statement of the floor's work, built once; a scan runs a handful of them."""
