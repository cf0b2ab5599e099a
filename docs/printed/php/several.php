$service =
    new Aculab\TelephonyRestAPI\OutboundService('1-2-0',
    'user@example.com', 'appname', 'pass');
$inst1 =
    new Aculab\TelephonyRestAPI\OutboundInstanceConfiguration('441908283800',
    '441908283801');
$inst1->setToken('token1');
$inst1->setOutboundParameters('some user data');
$inst2 =
    new Aculab\TelephonyRestAPI\OutboundInstanceConfiguration('sip:bob@acompany.com');
$inst2->setToken('token2');
$inst3 =
    new Aculab\TelephonyRestAPI\OutboundInstanceConfiguration('sip:bill@anotherCompany.com',
    'sip:bob@acompany.com');
$inst3->setToken('token3');
$instconfs = array($inst1, $inst2, $inst3);
$ids = $service->startInstance($instconfs);
