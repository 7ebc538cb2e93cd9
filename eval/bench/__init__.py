"""`python -m eval.bench`: measures indexing, a cold question and retrieval against what users would pick instead.

Every peer runs in its own virtual environment and processes, on the same papers, with the same weights and the same two
cores.
"""
