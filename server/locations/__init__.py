"""Where things lie: warehouses, zones, bins, the floor they stand on and the shortest walk over it."""
