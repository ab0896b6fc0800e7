"""OnRecord: who said what, when, and where they stand."""
