"""What a person can do in several steps."""
