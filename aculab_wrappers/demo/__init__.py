"""The seed page's fifteen samples and three raw requests, run against the sandbox.

`samples.py` lists them with the request each must send, one module for each dialect holds them as
printed but for syntax, `run.py` runs them.
"""
