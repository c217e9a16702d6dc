"""Reads the records of trial registries: structured fields in, documents and registered facts out."""
