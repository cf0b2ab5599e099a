"""The Aculab's page's fifteen samples and three raw requests, run against the sandbox.

One module for each dialect holds them as printed but for syntax, `samples.py` lists them with the
request that the parity suite says each must send, `run.py` runs them, in an `environment.py` of
their own.
"""
