"""What the server costs, measured against the least that could do the same, in one run on one machine."""
