"""The room's statements: payments and their journal, credit accounts, what gateways say, reconciliations."""
