"""What people do from a chat, as slash commands: each names the tools to use and where a person decides."""
