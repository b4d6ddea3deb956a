"""All of the built site that is no MkDocs page: print notices, posters, pictures, open data, feeds, redirects."""
