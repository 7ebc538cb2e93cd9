"""One driver a peer, each run by the interpreter of that peer's environment; `contract` is all that they share."""
