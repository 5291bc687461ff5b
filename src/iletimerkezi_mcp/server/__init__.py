"""The MCP server: everything that it offers to a host, built from the settings."""
