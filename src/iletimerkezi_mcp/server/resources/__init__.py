"""What a host may read and follow without calling a tool: live data, the policy in force, the tables."""
