"""Findings in, triples out: the graph, its store, its queries and the rows that pages are made of."""
