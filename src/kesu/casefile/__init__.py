"""The only bridge between rows and the engine: load the log, ask the engine, append, project, fill the outbox."""
