"""The core: how a start is sent, and what became of it. Each module is one idea.

    invalid       what everything may raise: wrong input
    frozen        frozen, slotted values
    validation    which text may be sent
    json_reader   reading JSON, strict and bounded
    values        Call, Invocation, and the words for a status
    credentials   who asks; objects that hold a password
    settings      arguments, then `ACULAB_*` variables: base URL, timeout, proxy, certificates
    http          HttpRequest, HttpResponse, and the protocols Transport and Operation
    answers       the parts of an answer: ids, the cloud's JSON error
    reentry       no request from inside a request
    redaction     taking passwords out of what a server sent
    outcome       the table: what an answer, or a failure, proves about a start
    operations    Start and GetStatus: how each is asked, and how the answer reads
    deadline      the one clock, and a time limit that every step shares
    backoff       how long to wait before trying again
    failures      whose failure an exception is
    road          whether only known programs stand between us and our connection
    tls           whom to trust, and why a handshake failed
    exchange      one request on its way: how far it is, and what has come back
    sockets       looking up, connecting, sending, receiving, each within a limit
    connection    our connections: the first byte, the deadline, a record of what comes in
    transport     NetworkTransport: one request over requests
    session       one client's requests: send a start once, try again only what never left
    polling       asking for status in batches, and waiting for the end
    overloads     choosing a documented signature
    misspelt      the right name of a member that was misspelt

Imports go up this list, never down.
"""
