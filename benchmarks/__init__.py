"""The cost of the server, measured against the least that could do the same, in one run on one machine."""
