"""Prompts, which hosts show as slash commands: the usual jobs, with the tools to use and the points at which a person decides."""
