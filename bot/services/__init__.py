"""What the programme does: one function per deed, in one `Work`."""
