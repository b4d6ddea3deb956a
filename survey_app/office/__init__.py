"""The discipline office: runs a round from plan to published result. Its pages come later; the verbs are here."""
