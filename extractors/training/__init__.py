"""Trains the models that are shipped; needs the extra ``training`` and is never imported while papers are read."""
