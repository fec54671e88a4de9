"""Why: the steps of the schema, one file each, never changed once released."""
