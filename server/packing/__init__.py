"""Scan-to-verify into cartons."""
