"""Pandu to try: a stand-in for Telegram, a sample of regions and people, and a clock that can be moved."""
