"""The search: an index of the trials' words and concepts beside each published graph, and how it is asked."""
