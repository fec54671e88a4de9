"""Carriers behind the port."""
