"""The hooks: what runs before a commit or a push, and after git moves."""
