"""The cards that hosts with MCP Apps show in their chat: pages of HTML, put together here and run in the host's frame."""
