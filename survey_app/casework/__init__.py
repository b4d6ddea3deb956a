"""Casework (办件): the verbs that citizens', units' and office's pages share."""
