"""The same questions for programs: assistants ask over MCP."""
