"""`python -m eval.bench`: indexing, a cold question and retrieval against what users would pick instead.

Every peer runs in a virtual environment and processes of its own, on the same papers, with the same weights and the same
two cores. Knows nothing about how far answers can be trusted: that is the rest of `eval`.
"""
