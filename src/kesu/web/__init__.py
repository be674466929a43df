"""Pages: a form in, a command or a query, a template out."""
