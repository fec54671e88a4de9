"""Tours, tasks and floor commands."""
