"""How often what is read is right: figures against gold facts, with intervals, tables, floors and reliability."""
