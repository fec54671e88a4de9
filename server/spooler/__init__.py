"""Print jobs and printers."""
