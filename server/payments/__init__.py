"""Money by intent, call and recorded answer."""
