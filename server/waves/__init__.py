"""Waves: which orders leave together, on which cart, by which tour."""
