"""From a question to a verified, cited answer."""
