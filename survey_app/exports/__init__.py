"""The only way out of the database: the snapshot of a closed round, and the run of analysis over it."""
