"""Orders, holds and fulfilments."""
