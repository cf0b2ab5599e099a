from aculab_wrappers.php import (
    OutboundInstanceConfiguration,
    OutboundService,
)

service = OutboundService(
    "1-2-0", "user@example.com", "appname", "pass"
)
instconf = OutboundInstanceConfiguration("myConference")
instconf.setToken("my token info")
instconf.setOutboundParameters("some user data")
ids = service.startInstance(instconf)
