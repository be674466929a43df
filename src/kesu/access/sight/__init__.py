"""One case as one person may see it: its rules, its standing, its history, with personal texts masked by right."""
