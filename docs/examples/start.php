<?php
/* Start an outbound call and ask how it goes, with nothing but PHP's own streams.

   php start.php cloudID/username/service_name "to" "from"

   ACULAB_BASE_URL          where the web services are
   ACULAB_SERVICE_PASSWORD  the outbound service password
   ACULAB_CA_BUNDLE         certificates to trust, when it is not the system's own

   Prints the reference id and the status of the call, separated by a tab. */

declare(strict_types=1);

function post(string $path, string $name, mixed $value): mixed
{
    global $argv;
    $login = base64_encode($argv[1] . ':' . getenv('ACULAB_SERVICE_PASSWORD'));
    $options = [
        'http' => [
            'method' => 'POST',
            'header' => "Authorization: Basic $login\r\n"
                . "Content-Type: application/x-www-form-urlencoded\r\n",
            'content' => http_build_query([$name => json_encode($value, JSON_THROW_ON_ERROR)]),
            'timeout' => 30,
            'follow_location' => 0,
            // The body of a refusal says what was wrong.
            'ignore_errors' => true,
        ],
    ];
    if (getenv('ACULAB_CA_BUNDLE')) {
        $options['ssl'] = ['cafile' => getenv('ACULAB_CA_BUNDLE')];
    }
    $answer = file_get_contents(
        rtrim(getenv('ACULAB_BASE_URL'), '/') . $path, false, stream_context_create($options)
    );
    if ($answer === false || !str_contains($http_response_header[0], ' 200 ')) {
        // Was it a start? Then do not send it again without looking: it may have been accepted.
        fwrite(STDERR, ($http_response_header[0] ?? 'no answer') . "\n$answer\n");
        exit(1);
    }
    return json_decode($answer, true, 512, JSON_THROW_ON_ERROR);
}

$call = ['to' => $argv[2]];
if (isset($argv[3])) {
    $call['from'] = $argv[3];
}
$ids = post('/service_start', 'outbound_parameters', $call);
$statuses = post('/service_status', 'service_invocation_reference_ids', $ids);
foreach ($statuses as $id => $status) {
    echo $id, "\t", $status['status'], "\n";
}
