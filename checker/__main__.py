"""`python -m quorate.checker` is the command `quorate`."""

from .cli import main

main(prog_name="quorate")
