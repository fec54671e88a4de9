"""Why: the one place where anything is written. `Database` is the door; only `writer` commits."""
