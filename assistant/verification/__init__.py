"""Is a sentence supported by what it cites? Also: false premises in questions, and abstracts that disagree."""
