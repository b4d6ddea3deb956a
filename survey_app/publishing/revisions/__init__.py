"""A page's way from draft to published: forms' fields, differences, conflicts, history, moving units."""
