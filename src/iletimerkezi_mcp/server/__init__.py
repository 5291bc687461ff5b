"""The MCP server: what it offers to a host, built from the settings."""
