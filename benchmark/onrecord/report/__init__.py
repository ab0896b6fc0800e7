"""Consumers of labels and scores: what people look at. No measure is computed here."""
