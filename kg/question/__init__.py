"""A clinical question (population, intervention, comparator, endpoint) put to the graph: which trials answer it."""
