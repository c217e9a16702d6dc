"""What a report prints beside its results and what can be re-computed: counts with percentages, dates, plans, sources.

Read from the document alone, without a pipeline: the words come from the lexicon, in both languages at once.
"""
