"""Why: what the boards and reports say of a shift is worked out in one room, from facts that others have booked."""
