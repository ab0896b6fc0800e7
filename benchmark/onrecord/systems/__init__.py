"""Systems: what answers the benchmark, from the rule-based floor up."""

# Nothing is imported here: each system loads its own weight.
