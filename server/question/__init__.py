"""The page of a clinical question: its address, what it shows, and what can be taken away from it."""
