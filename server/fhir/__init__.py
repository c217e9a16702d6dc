"""A trial in FHIR R5, as those who exchange evidence write it: ResearchStudy, Group, EvidenceVariable, Evidence."""
