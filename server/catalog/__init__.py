"""Items and how they are recognised."""
