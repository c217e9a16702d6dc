"""Chosen trials side by side: what they planned, in whom, and what each found."""
