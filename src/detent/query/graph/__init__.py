"""Questions about a whole graph: what reaches a node, what is in a cycle, what belongs together."""
