"""What can be taken away from the page of a trial: tables, figures, references, FHIR, nanopublications."""
