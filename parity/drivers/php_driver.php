<?php

/**
 * A driver for the PHP wrapper in php/outbound_service.php.
 *
 *     aculab-wrappers parity --driver "php parity/drivers/php_driver.php"
 *
 * To drive another wrapper of the same names, the original say, require that one instead, and
 * tell ServiceUnderTest how to send it to the suite's cloud. The capabilities outcome, environment
 * and show are missing: they are aculab_wrappers' own. Source: "A driver" in parity/README.md.
 */

declare(strict_types=1);

namespace Parity;

use Aculab\TelephonyRestAPI\OutboundInstanceConfiguration;
use Aculab\TelephonyRestAPI\OutboundInstanceStatus;
use Aculab\TelephonyRestAPI\OutboundService;

// Standard output is for the protocol alone, and what PHP complains of fails the driver.
ini_set('display_errors', 'stderr');
set_error_handler(function (int $level, string $text, string $file, int $line): bool {
    $hidden = (error_reporting() & $level) === 0;
    return $hidden ?: throw new \ErrorException($text, 0, $level, $file, $line);
});

require __DIR__ . '/php/outbound_service.php';

const HELLO = [
    'protocol' => 1, 'name' => 'the PHP page, in PHP', 'version' => '1',
    'language' => 'PHP ' . PHP_VERSION, 'dialect' => 'php',
    'capabilities' => ['start.one', 'start.list', 'named-arguments', 'status', 'status.by-id',
        'eta', 'error-callback', 'proxy'],
];

/** The documented class, sent to where the suite's cloud is: the page has no parameter for it. */
final class ServiceUnderTest extends OutboundService
{
    public function sendTo(string $base_url, float $timeout): void
    {
        [$this->base_url, $this->timeout] = [$base_url, $timeout];
    }
}

/** The case cannot be done here, though nothing is broken. */
final class Skipped extends \Exception
{
}

/** One case: its service object, and what the error callback was told in the present step. */
final class Run
{
    private ?ServiceUnderTest $service = null;
    private array $told = [];

    public function __construct(private array $message)
    {
    }

    /** Do every step; what one raises is its result, and the next is done all the same. */
    public function results(): array
    {
        if ($this->message['environment'] ?? []) {
            throw new Skipped('the wrapper reads no environment variables');
        }
        return array_map(function (array $step): array {
            $this->told = [];
            try {
                $result = ['returns' => $this->step($step)];
            } catch (Skipped | \ErrorException $problem) {
                throw $problem;
            } catch (\Throwable $raised) {
                $name = (new \ReflectionClass($raised))->getShortName();
                $result = ['raises' => ['error' => $name, 'message' => $raised->getMessage()]];
            }
            return $result + ['callback' => $this->told];
        }, $this->message['steps']);
    }

    private function step(array $step): mixed
    {
        return match ($step['do']) {
            'start' => $this->call($this->service()->startInstance(...), [
                'instanceConfigurations' => match (true) {
                    isset($step['call']) => $this->configuration($step['call']),
                    isset($step['calls']) => array_map($this->configuration(...), $step['calls']),
                    default => $step['raw'],
                },
            ]),
            'status' => self::map($this->call($this->service()->getInstanceStatus(...), [
                'instanceIds' => $step['ids'] ?? $step['id'] ?? $step['raw'],
            ])),
            'set_proxy' => $this->call($this->service()->setProxy(...), [
                'proxy_uri' => $step['uri'],
                'request_fulluri' => $step['request_fulluri'],
            ]),
            'set_error_callback' => $this->call($this->service()->setErrorCallback(...), [
                'callback' => array_key_exists('raw', $step)
                    ? $step['raw']
                    : function (int $code, string $body) use ($step): void {
                        $this->told[] = [$code, $body];
                        ($step['raises'] ?? false) && throw new \RuntimeException('as asked');
                    },
            ]),
            default => throw new Skipped("the PHP page has nothing for the step {$step['do']}"),
        };
    }

    /** Call something, with the page's names for the arguments or by their position. */
    private function call(callable $what, array $arguments): mixed
    {
        $named = ($this->message['arguments'] ?? '') === 'named';
        return $what(...($named ? $arguments : array_values($arguments)));
    }

    /** Make the service object, before the first step that needs it. */
    private function service(): ServiceUnderTest
    {
        if ($this->service === null) {
            $given = $this->message['service'];
            $this->service = $this->call(fn(...$all) => new ServiceUnderTest(...$all), [
                'target' => $given['cloud_id'],
                'user_name' => $given['username'],
                'service_name' => $given['service_name'],
                'service_password' => $given['service_password'],
            ]);
            $this->service->sendTo($this->message['base_url'], (float) $this->message['timeout']);
        }
        return $this->service;
    }

    /** What the call has is set, empty text too; what it has not is left alone. */
    private function configuration(array $call): OutboundInstanceConfiguration
    {
        $made = $this->call(
            fn(...$all) => new OutboundInstanceConfiguration(...$all),
            ['to' => $call['to']] + array_intersect_key($call, ['from' => '']),
        );
        $setters = [
            'token' => $made->setToken(...),
            'outbound_parameters' => $made->setOutboundParameters(...),
        ];
        foreach (array_intersect_key($setters, $call) as $name => $set) {
            $this->call($set, [$name => $call[$name]]);
        }
        return $made;
    }

    /** Write an array keyed by id as the suite does; int and false are what they are. */
    private static function map(array|int|false $statuses): array|int|false
    {
        if (!is_array($statuses)) {
            return $statuses;
        }
        // An id of digits alone has become a number: PHP's arrays do that to their keys.
        $pair = fn(int|string $id, OutboundInstanceStatus $said): array => [(string) $id, [
            '$object' => 'OutboundInstanceStatus',
            'isFinished' => $said->isFinished(),
            'getStatus' => $said->getStatus(),
            'getStatusDetail' => $said->getStatusDetail(),
            'getApplicationStatusETA' => self::time($said->getApplicationStatusETA()),
            'getApplicationInstanceId' => $said->getApplicationInstanceId(),
        ]];
        return ['$map' => array_map($pair, array_keys($statuses), $statuses)];
    }

    private static function time(?\DateTime $time): ?array
    {
        if ($time === null) {
            return null;
        }
        $utc = (clone $time)->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s.u');
        return ['$datetime' => rtrim(rtrim($utc, '0'), '.') . 'Z'];
    }
}

/** Answer one line. */
function reply(string $line): array
{
    $seq = preg_match('/"seq":\s*(\d+)/', $line, $found) ? (int) $found[1] : 0;
    try {
        $message = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
        return match ($message['command']) {
            'start' => HELLO,
            'run' => ['seq' => $seq, 'results' => (new Run($message))->results()],
            'stop' => exit(0),
        };
    } catch (Skipped $why) {
        return ['seq' => $seq, 'skipped' => $why->getMessage()];
    } catch (\Throwable $broken) {
        // Half a surrogate pair is text in other languages; PHP's JSON does not know it.
        $half = $broken instanceof \JsonException && $broken->getCode() === JSON_ERROR_UTF16;
        $text = get_class($broken) . ': ' . $broken->getMessage();
        return ['seq' => $seq, $half ? 'skipped' : 'errored' => $text];
    }
}

while (($line = fgets(STDIN)) !== false) {
    // The body of an answer need not be UTF-8; a report must be.
    $report = json_encode(reply($line), JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
    fwrite(STDOUT, "$report\n");
}
