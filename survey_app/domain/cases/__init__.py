"""Cases (办件): kinds, codes, steps, states and clocks; plain Python, no database and no clock of its own."""
