"""The unit desk: what a unit publishes, drafts, imports, duty board."""
