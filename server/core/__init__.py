"""Why: the words everything else is written in. Pure: no I/O, no database, no clock of its own."""
