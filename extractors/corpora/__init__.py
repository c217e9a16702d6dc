"""Readers of the corpora that the trained models learn from and are measured on."""
