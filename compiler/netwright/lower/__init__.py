"""From a block as it was written to a class or function: the run on symbols, neutral to targets."""
