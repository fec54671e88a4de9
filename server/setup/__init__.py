"""Why: a first week needs a house that is set up: what is missing is said in order, what is to print is drawn."""
