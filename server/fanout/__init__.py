"""The one table from event to reaction and sink."""
