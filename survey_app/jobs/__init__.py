"""Work that outlives a request: publishing, search index, nightly build."""
