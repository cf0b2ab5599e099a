"""The way to the cloud, walked one step at a time without starting a call.

    examination.py      the steps in order, and which of them need which
    step.py               what a step says
    given.py              what the options and the environment say
    configuration.py      1. settings and versions
    names.py              2. DNS
    connection.py         3. proxy and port
    tls.py                4. the handshake; certificate.py reads a certificate that is not trusted
    login.py              5. the form of the credentials
    clock.py              6. this machine's clock against the server's
    line.py             the sockets under 3, 4 and 6
    probes.py           what the service is asked to hold the assumptions against it
    lock.py               which requests may be sent at all
    answers.py            what came back
    assumptions.py        which assumption each answer proves or disproves; verdicts.py how
    by_hand.py            those that cannot be checked without a call
    veil.py               whatever names the account, taken out of what is quoted
    report.py             all of that as Markdown

No request that it sends can start a call: `service_start` is never asked, not even with what the
cloud should refuse. On a service for UAS applications a bare service_start starts an instance, by
the documentation, and nothing tells from outside which kind a service is.
"""
