"""Telegram in, one call, nothing else."""
