"""The HTTP handlers of this room: a module for each concept."""
