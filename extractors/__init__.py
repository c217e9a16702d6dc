"""Text in, findings out. Knows no graph: nothing in this package imports an RDF library."""
