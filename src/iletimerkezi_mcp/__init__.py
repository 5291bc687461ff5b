"""An MCP server through which an assistant works a company's iletiMerkezi SMS account."""

__version__ = "0.2.0"
