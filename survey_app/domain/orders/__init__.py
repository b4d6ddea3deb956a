"""Orders (督查件): a unit is told to mend something by a day, answers for it, and somebody else checks the answer."""
