"""The evaluation: asks a question set of a library and says how far its answers can be trusted. Runs offline."""
