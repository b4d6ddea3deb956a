"""Cases: what they are, their codes, steps, state and clocks; and what is offered the sealed way instead."""
