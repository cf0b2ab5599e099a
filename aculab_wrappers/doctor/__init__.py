"""The way to the cloud, checked one step at a time without starting a call.

    checks            the steps in order; DNS, proxy and port, TLS and clock are here
    configuration     what the options and the environment say; the checks that need no network
    connection        one connection, made one layer at a time
    certificate       reading a certificate, trusted or not
    allowed_requests  which requests may be sent with a password at all
    probes            the requests that test the assumptions
    assumptions       which assumption each answer proves or disproves
    step              what one step says
    report            the findings as Markdown

No request that it sends can start a call: `service_start` is never asked, not even with what the
cloud should refuse. On a service for UAS applications a bare service_start starts an instance, by
the documentation, and nothing tells from outside which kind a service is.
"""
