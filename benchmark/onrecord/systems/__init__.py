"""Systems: what answers the benchmark, from the rule-based floor up. Light to import; each system loads its own weight."""
