"""Resources, which a host reads and follows without calling a tool: live data, the policy in force, the tables."""
