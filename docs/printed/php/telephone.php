$service =
    new Aculab\TelephonyRestAPI\OutboundService('1-2-0',
    'user@example.com', 'appname', 'pass');
$instconf =
    new Aculab\TelephonyRestAPI\OutboundInstanceConfiguration('441908283800',
    '441908283801');
$instconf->setToken('my token info');
$instconf->setOutboundParameters('some user data');
$ids = $service->startInstance($instconf);
