"""Adapters that let other libraries use the assistant's parts."""
