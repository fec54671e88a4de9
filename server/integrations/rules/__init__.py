"""Decisions of this room, pure: a module for each concept."""
