$service =
    new Aculab\TelephonyRestAPI\OutboundService('1-2-0',
    'user@example.com', 'appname', 'pass');
$instconf =
    new Aculab\TelephonyRestAPI\OutboundInstanceConfiguration('myConference');
$instconf->setToken('my token info');
$instconf->setOutboundParameters('some user data');
$ids = $service->startInstance($instconf);
