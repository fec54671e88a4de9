"""Why: every statement about orders and fulfilments, built once."""
