"""Casework: what citizens, units and office do with cases, and what all of them attach."""
