"""The gateways that Pickwave can speak to."""
