"""Feeds hostile input to everything that reads what others wrote, and keeps what breaks it."""
