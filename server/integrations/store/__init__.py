"""The statements of this room, built once: a module for each concept."""
