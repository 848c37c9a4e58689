"""What `pandu COMMAND` does, a module each: `execute(options)` returns the exit code."""
