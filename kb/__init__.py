"""The knowledge base: articles, search, suggestions and the help centre."""
