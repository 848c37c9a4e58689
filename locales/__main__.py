"""`python -m locales update`: bring the catalogs up to the sentences of the code."""

import sys

from locales.catalogs import update

if __name__ == "__main__":
    if sys.argv[1:] != ["update"]:
        sys.exit("usage: python -m locales update")
    for line in update():
        sys.stdout.write(f"{line}\n")
