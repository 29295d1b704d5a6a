"""Measurement: visits, events, outcomes and what they say about the articles."""
