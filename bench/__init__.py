"""The figures of the README: how fast, how soon, how much memory; always beside the usual way, in one run."""
