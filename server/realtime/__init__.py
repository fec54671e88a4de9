"""Topics to sockets."""
