<?php

/**
 * The PHP wrapper of the page, written from the page and not from aculab_wrappers.
 *
 * It is there to be held against the cases of the parity suite: two readings of one page, in two
 * languages, that agree are worth more than one. It sends with PHP's own http streams, whose
 * options setProxy is named after, so what setProxy does here is what PHP does.
 *
 * Source: Aculab's page, PHP tab. Evidence: the classes, names, parameters and return types are
 * documented; what is refused, how a status is asked for, and what is made of a damaged answer are
 * assumed. What the page does not print is protected, private, or marked @internal.
 */

declare(strict_types=1);

namespace Aculab\TelephonyRestAPI;

/** @internal Raise before anything is sent. */
function must(bool $fits, string $message): void
{
    $fits || throw new \InvalidArgumentException($message);
}

/** Whether data for the application can be sent: JSON escapes the rest. */
function is_utf_8(string $text): bool
{
    return preg_match('//u', $text) === 1;
}

/** @internal Whether a text is UTF-8 without control characters, as RFC 7617 wants. */
function sendable(string $text): bool
{
    return preg_match('/\A\P{Cc}*\z/u', $text) === 1;
}

/** @internal Whether it may be a caller or a destination: what is read must be what is rung. */
function address(string $text): bool
{
    $directions = '\x{061c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}';
    return sendable($text) && preg_match("/[$directions]/u", $text) === 0;
}

/** What every web service has: a proxy, an error callback, and one way to send. */
abstract class WebServiceBase
{
    /** Not on the page: a driver points these elsewhere, in a subclass. */
    protected string $base_url = 'https://ws.aculabcloud.net';
    protected float $timeout = 30.0;

    private array $proxy = [];
    private ?\Closure $callback = null;

    protected function __construct(#[\SensitiveParameter] private string $credentials)
    {
    }

    /** Evidence: documented; that the arguments are PHP's options of these names, inferred. */
    public function setProxy(string $proxy_uri, bool $request_fulluri): void
    {
        $this->proxy = ['proxy' => $proxy_uri, 'request_fulluri' => $request_fulluri];
    }

    /** Evidence: documented. */
    public function setErrorCallback(callable $callback): void
    {
        $this->callback = $callback(...);
    }

    /**
     * Send one request, once. The page's examples are GETs; POST keeps numbers out of logs.
     *
     * @return string|int|false the whole body of a 2xx answer, or what the page says is returned
     *     on failure: the code of an HTTP error, false when there was no answer or half a one.
     */
    protected function post(string $action, string $field, mixed $value): string|int|false
    {
        $http = $this->proxy + [
            'method' => 'POST',
            'protocol_version' => 1.1,
            'header' => [
                'Connection: close',
                'Accept: application/json',
                'Content-Type: application/x-www-form-urlencoded',
                'Authorization: Basic ' . base64_encode($this->credentials),
            ],
            'content' => http_build_query([$field => json_encode($value, JSON_THROW_ON_ERROR)]),
            'timeout' => $this->timeout,
            'follow_location' => 0,
            'ignore_errors' => true,
        ];
        $context = stream_context_create(['http' => $http]);
        $stream = @fopen(rtrim($this->base_url, '/') . "/$action", 'r', false, $context);
        if ($stream === false) {
            return false;
        }
        [$code, $length] = self::head(stream_get_meta_data($stream)['wrapper_data']);
        // PHP sets aside as much memory as it is to read, so not simply what a header announces.
        $body = @stream_get_contents($stream, $length === null ? null : min($length, 1 << 24));
        // To PHP neither a connection that ends early nor one that falls silent is an error.
        $cut = $length === null
            ? stream_get_meta_data($stream)['timed_out']
            : strlen($body) < $length;
        fclose($stream);
        if ($code >= 300) {
            try {
                $this->callback?->__invoke($code, $body);
            } catch (\Throwable) {
                // "This is intended to aid debugging": what it raises changes nothing.
            }
            return $code;
        }
        // A byte order mark may be passed over (RFC 8259), and PHP's JSON does not.
        return $code < 200 || $cut ? false : preg_replace('/\A\xEF\xBB\xBF/', '', $body);
    }

    /** The status code and the Content-Length; 0 and null where there is none. */
    private static function head(array $lines): array
    {
        [$code, $length] = [0, null];
        foreach ($lines as $line) {
            if (preg_match('~\AHTTP/\d\S* (\d{3})(?!\d)~', $line, $found)) {
                [$code, $length] = [(int) $found[1], null];
            } elseif (preg_match('/\AContent-Length:\s*(\d+)\s*\z/i', $line, $found)) {
                $length = (int) $found[1];
            }
        }
        return [$code, $length];
    }
}

/** Source: PHP tab, "The OutboundService class". */
class OutboundService extends WebServiceBase
{
    /** Most ids in one status request. Evidence: assumed; no limit is documented. */
    private const STATUS_BATCH = 500;

    /** What each id said last: the first UNKNOWN is not believed, and a final word stays. */
    private array $heard = [];

    /** Evidence: documented; what is refused, assumed, for "/" and ":" divide the credentials. */
    public function __construct(
        string $target,
        string $user_name,
        string $service_name,
        #[\SensitiveParameter] string $service_password,
    ) {
        $cloud_id = '/\A[0-9]{1,3}(-[0-9]{1,3}){2}\z/';
        must(preg_match($cloud_id, $target) === 1, 'target must be a cloud id such as 1-2-0');
        foreach (['user_name' => $user_name, 'service_name' => $service_name] as $what => $name) {
            must(sendable($name), "$what must be UTF-8 without control characters");
            must(strpbrk($name, ':/') === false, "$what must not hold : or /");
        }
        must(
            $service_password !== '' && sendable($service_password),
            'service_password must be there, and hold no control characters'
        );
        parent::__construct("$target/$user_name/$service_name:$service_password");
    }

    /**
     * Start one instance, or several. One is sent as an object, also when it comes in an array:
     * lists are for Production and Premium accounts only.
     *
     * Evidence: documented; that an empty array raises, assumed.
     *
     * @param OutboundInstanceConfiguration|OutboundInstanceConfiguration[] $instanceConfigurations
     * @return string[]|int|false
     */
    public function startInstance(mixed $instanceConfigurations): mixed
    {
        $all = is_array($instanceConfigurations)
            ? array_values($instanceConfigurations)
            : [$instanceConfigurations];
        $fits = fn(mixed $one): bool => $one instanceof OutboundInstanceConfiguration;
        $wanted = 'startInstance() takes an OutboundInstanceConfiguration or an array of them';
        must($all !== [] && array_filter($all, $fits) === $all, $wanted);
        $value = count($all) === 1 ? $all[0] : $all;
        $answer = $this->post('service_start', 'outbound_parameters', $value);
        $ids = is_string($answer) ? json_decode($answer) : $answer;
        // No ids at all are no success, though an array (assumed).
        return is_int($answer) || ($ids !== [] && self::areIds($ids)) ? $ids : false;
    }

    /**
     * Ask how far instances have come. The result is keyed by id, in the order of the ids.
     *
     * Evidence: documented; the request and its answer, assumed: no page shows them.
     *
     * @param string|string[] $instanceIds
     * @return array<string, OutboundInstanceStatus>|int|false
     */
    public function getInstanceStatus(mixed $instanceIds): mixed
    {
        $ids = is_array($instanceIds) ? $instanceIds : [$instanceIds];
        must(self::areIds($ids), 'getInstanceStatus() takes an identifier or an array of them');
        $statuses = [];
        foreach (array_chunk(array_unique($ids), self::STATUS_BATCH) as $some) {
            $answer = $this->post('service_status', 'service_invocation_reference_ids', $some);
            if (!is_string($answer)) {
                return $answer;
            }
            $news = json_decode($answer, true, 512, JSON_BIGINT_AS_STRING);
            // {} and [] are the same PHP array, so the text must say which it was.
            if (!is_array($news) || ltrim($answer)[0] !== '{') {
                return false;
            }
            foreach ($some as $id) {
                $before = $this->heard[$id] ?? new OutboundInstanceStatus();
                $statuses[$id] = $this->heard[$id] = $before->after($news[$id] ?? null);
            }
        }
        return $statuses;
    }

    private static function areIds(mixed $ids): bool
    {
        $fits = fn(mixed $id): bool => is_string($id) && $id !== '';
        return is_array($ids) && array_filter($ids, $fits) === $ids;
    }
}

/** Source: PHP tab, "The OutboundInstanceConfiguration class". Evidence: documented. */
class OutboundInstanceConfiguration implements \JsonSerializable
{
    private array $members;

    public function __construct(string $to, string $from = '')
    {
        must($to !== '' && address($to), 'to must be UTF-8, not empty, no control characters');
        must(address($from), 'from must be UTF-8 without control characters');
        // The page's default, the empty text, stands for "no caller" (assumed).
        $this->members = ['to' => $to] + ($from === '' ? [] : ['from' => $from]);
    }

    public function setToken(string $token): void
    {
        must(is_utf_8($token), 'token must be UTF-8');
        $this->members['token'] = $token;
    }

    public function setOutboundParameters(string $outbound_parameters): void
    {
        must(is_utf_8($outbound_parameters), 'outbound_parameters must be UTF-8');
        $this->members['outbound_parameters'] = $outbound_parameters;
    }

    /** @internal For json_encode. */
    public function jsonSerialize(): array
    {
        return $this->members;
    }
}

/**
 * What an instance has last said of itself. Later news makes another object.
 *
 * Source: PHP tab, "The OutboundInstanceStatus class"; the constants, and that there may be no
 * ETA, from the class of this name in Aculab's Web Services package. Evidence: documented.
 */
class OutboundInstanceStatus
{
    public const QUEUED = 'QUEUED';
    public const RUNNING = 'RUNNING';
    public const COMPLETED = 'COMPLETED';
    public const COULDNOTRUN = 'COULDNOTRUN';
    public const CANCELLED = 'CANCELLED';
    public const UNKNOWN = 'UNKNOWN';

    private const FINAL = [self::COMPLETED, self::COULDNOTRUN, self::CANCELLED];

    private bool $finished = false;
    private bool $just_unknown = false;
    private string $status = '';
    private string $detail = '';
    private ?\DateTime $eta = null;
    private string $id = '';

    public function isFinished(): bool { return $this->finished; }
    public function getStatus(): string { return $this->status; }
    public function getStatusDetail(): string { return $this->detail; }
    public function getApplicationStatusETA(): ?\DateTime { return $this->eta; }
    public function getApplicationInstanceId(): string { return $this->id; }

    /**
     * Say what holds after another answer, in which $news stood under this id. Evidence: assumed.
     *
     * A final word stays. UNKNOWN is final when two answers in a row say it, until another word
     * comes. An answer without a word for this id leaves all else as it was.
     *
     * @internal
     */
    public function after(mixed $news): self
    {
        if (in_array($this->status, self::FINAL, true)) {
            return $this;
        }
        $new = clone $this;
        $word = is_array($news) ? $news['status'] ?? null : null;
        $new->just_unknown = $word === self::UNKNOWN;
        if (!is_string($word) || $word === '') {
            return $new;
        }
        // One that is finished, and goes on, has been UNKNOWN twice already.
        $new->finished = in_array($word, self::FINAL, true)
            || $word === self::UNKNOWN && ($this->just_unknown || $this->finished);
        $new->status = $word;
        // For the other words the package documents an empty text, whatever the cloud sends.
        $has = in_array($word, [self::COMPLETED, self::COULDNOTRUN], true);
        $detail = $has ? $news['status_detail'] ?? '' : '';
        $new->detail = match (get_debug_type($detail)) {
            'string' => $detail,
            'int', 'float' => json_encode($detail, JSON_PRESERVE_ZERO_FRACTION),
            default => '',
        };
        $new->eta = self::time($news['application_status_eta'] ?? null);
        $id = $news['application_instance_id'] ?? '';
        $new->id = is_string($id) ? $id : '';
        return $new;
    }

    /** Seconds since the epoch, UTC, as a time of the years 1 to 9999; anything else is null. */
    private static function time(mixed $eta): ?\DateTime
    {
        if (!is_int($eta) && !is_float($eta) || $eta < -62135596800 || $eta >= 253402300800) {
            return null;
        }
        return new \DateTime(sprintf('@%.6F', $eta));
    }
}
