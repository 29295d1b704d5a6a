"""Languages of texts: which one a text is written in, told by its script and by common words."""
