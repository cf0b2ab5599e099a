"""The documentation: nothing in it may drift from the program.

pages.py           the pages, and every block of code in them
written.py         the parts of pages that a program writes
command_line.py      the help of each command
dialects.py          the members and the samples of each language
line_by_line.py      each sentence of Aculab's page, and where its Python is
parity_pages.py      the matrix, and its cases
destinations.py      the destinations with an outcome of their own
facts.py             what the sandbox simulates, and how it is known
assumptions.py       what doctor asks about
terminal.py        a shell on a terminal, which runs the console blocks
console.py         what the console blocks show, held against what comes
examples.py        the programs of the pages, run against a sandbox
site.py            the built site, as a browser gets it
labels.py          Wire:, Source: and Evidence: of docstrings, for the API reference
griffe_labels.py     and how mkdocstrings comes to use it
"""
