"""One driver per peer, each run by the interpreter of that peer's environment; they share only `contract`."""
