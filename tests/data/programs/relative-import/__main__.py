"""A relative import in the program's own file has no package to start from."""

from .beside import WORD

print(WORD)
