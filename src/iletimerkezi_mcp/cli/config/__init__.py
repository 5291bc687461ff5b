"""`config`: the MCP applications that this server can be put into, and what goes into their files."""
