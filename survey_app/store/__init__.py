"""The only door to the database. One module of verbs per noun; nobody else sees a table."""
