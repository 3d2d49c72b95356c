"""The methods section, the automation statement and the reporting checklists, from protocol, codebook and decisions."""
