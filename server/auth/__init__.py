"""People, devices, sessions and keys."""
