"""Quants and the ledger."""
