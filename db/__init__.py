"""What Pandu remembers: models, engine, queues and migrations. Knows nothing of `bot`."""
