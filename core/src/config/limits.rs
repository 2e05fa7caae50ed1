//! Every default and limit that is a number, each with its unit, its reason and its source.

use std::{ops::RangeInclusive, time::Duration};

/// Spans in one envelope item at most (span protocol: a larger item is refused).
pub const MAX_SPANS_PER_ITEM: usize = 1000;
/// Bytes of one item of spans at most, 1 MiB (span protocol: a larger item is refused).
pub const MAX_ITEM_BYTES: usize = 1024 * 1024;
/// Bytes of one request at most: an item with its headers and a client report.
pub const MAX_REQUEST_BYTES: usize = MAX_ITEM_BYTES + 16 * 1024;
/// Bytes that a bucket reserves for spans to come, at most, 128 KiB: an eighth of a full one.
pub const MAX_BUCKET_SLACK: usize = MAX_ITEM_BYTES / 8;
/// How long a bucket waits for its segment to end (span protocol: 5 s).
pub const BUCKET_AGE: Duration = Duration::from_secs(5);
/// ... and a span for its draft, with a spool: a crash loses the last second at most.
pub const BUCKET_AGE_SPOOLED: Duration = Duration::from_secs(1);
/// The part of its age by which a bucket may leave earlier than others, a fifth.
pub const BUCKET_JITTER: f64 = 0.2;
/// Bytes that may wait in memory, in all queues together, where the option `max_waiting_bytes` says nothing, 16
/// MiB: a host's memory is not ours.
pub const MAX_WAITING_BYTES: usize = 16 * 1024 * 1024;
/// What `max_waiting_bytes` may be: less holds no full item on its way, more is no bound.
pub const WAITING_BYTES_RANGE: RangeInclusive<usize> = 4 * 1024 * 1024..=u32::MAX as usize;
/// How long a worker thread lets finished spans gather before it reads them, 20 ms: nobody sees that spans are that
/// late, and waking a thread with each of them takes the host's time.
pub const GATHERED_FOR: Duration = Duration::from_millis(20);
/// ... and how many bytes at most, 256 KiB: a small part of what may wait.
pub const GATHERED_BYTES: usize = 256 * 1024;
/// Time between two envelopes that a dead process left on disk, 100 ms: they are old, and nobody waits for them.
pub const SPOOL_PACE: Duration = Duration::from_millis(100);
/// Requests under way at the same time, 16: each takes as long as the way to the server and back, and one after the
/// other would be ten traces a second where that is 100 ms. Where nobody waits there is one to a server that has not
/// answered yet, or was away, and to a function or a file of the host.
pub const MAX_IN_FLIGHT: usize = 16;
/// Bytes of a client report's item at most (client reports: 4 KiB).
pub const MAX_CLIENT_REPORT_BYTES: usize = 4096;
/// A 429 without any header stops everything for 60 s (rate limiting, "Stage 1").
pub const DEFAULT_RATE_LIMIT: Duration = Duration::from_secs(60);
/// The longest rate limit believed, one day: a header beyond it is nonsense.
pub const MAX_RATE_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);
/// First and longest wait before a request that met no server is made again.
pub const RETRY_FIRST: Duration = Duration::from_secs(1);
/// See [`RETRY_FIRST`].
pub const RETRY_LONGEST: Duration = Duration::from_secs(60);
/// Failures one after the other before nothing is sent for a while: a connection that breaks is no server that is away,
/// and others need not wait for it.
pub const FAILURES_IN_A_ROW: u32 = 5;
/// Tries before a request that meets no server is given up and counted as `network_error`, 100: with the waits above that
/// is most of an hour, and what waits longer than there is room goes before that.
pub const MAX_TRIES: u32 = 100;
/// Bytes that the spool may take on disk, 64 MiB: four times what may wait in memory, and no disk's end.
pub const MAX_SPOOL_BYTES: u64 = 64 * 1024 * 1024;
/// How long an envelope may stay in the spool, 7 days: no holiday weekend loses anything, and what
/// is older helps nobody.
pub const MAX_SPOOL_AGE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How often a process that lives looks for what dead ones left in the spool, 60 s: somebody else may never start.
pub const SPOOL_LOOK: Duration = Duration::from_secs(60);
/// Files and bytes that are kept of what was found in the spool and is no envelope: enough to see what happened.
pub const MAX_REJECTED_FILES: usize = 16;
/// See [`MAX_REJECTED_FILES`]: 4 MiB.
pub const MAX_REJECTED_BYTES: u64 = 4 * 1024 * 1024;
/// How long `flush` and `close` wait when the caller does not say (2 s, as the Sentry SDKs do).
pub const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);
/// How long `close` waits for the disk after that: one that hangs does not answer at all.
pub const DISK_TIMEOUT: Duration = Duration::from_secs(2);
/// How long connecting may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one whole request may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the text of an answer is waited for: what counts stands before it, and it says nothing that is needed.
pub const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);
/// Bytes of all texts of one span at most where the option `max_content_bytes` says nothing: messages come
/// again with every request of a conversation, and a span must fit into an item with room to spare.
pub const MAX_CONTENT_BYTES: usize = 256 * 1024;
/// What `max_content_bytes` may be: less tells nothing, more fits no item once its quotes are escaped.
pub const CONTENT_BYTES_RANGE: RangeInclusive<usize> = 1024..=512 * 1024;
/// Runs of a library that a host keeps open by their ids. A library that forgets to say how a run ended must
/// not fill memory; the oldest ones are ended for it.
pub const MAX_OPEN_RUNS: usize = 10_000;

/// Messages read of one list: 256 bytes for each where a span is full. A limit on content alone would not bound the
/// memory that empty ones take.
pub const MAX_MESSAGES: usize = 1024;
/// Parts read out of one payload, in lists and in lists inside of lists, for the same reason.
pub const MAX_PARTS: usize = 1024;
/// Parts of one streamed answer at most.
pub const MAX_PIECES: usize = 1024;
/// Choices of one streamed answer at most.
pub const MAX_CHOICES: usize = 64;
/// Bytes of one string that a binding copies as it is; of a longer one only what a span can hold, and of
/// binary data only its size.
pub const MAX_INLINE_BYTES: usize = 64 * 1024;
/// Characters of a span's name at most: it is repeated on every span of its segment.
pub const MAX_NAME_CHARS: usize = 1000;
/// Characters of a transaction's name at most: the server cuts longer ones (Relay's event schema: 200).
pub const MAX_TRANSACTION_CHARS: usize = 200;
/// Levels of nesting that a host value may have before the rest becomes a mark.
pub const MAX_DEPTH: usize = 64;
/// Bytes that may be written down of one span before its end, 4 MiB; where there is more, it is read on the spot.
pub const MAX_CAPTURE_BYTES: usize = 4 * 1024 * 1024;
/// Bytes of JSON that a binding writes for one value, 16 MiB: more than a span holds, because what stays of it is
/// decided where it is read, and little enough for a value that never ends.
pub const MAX_VALUE_BYTES: usize = 4 * MAX_CAPTURE_BYTES;
/// Bytes of one string in a value that has taken half of that, 4 KiB: so there is room for what stands at its end.
pub const MAX_CROWDED_BYTES: usize = 4096;
/// Numbers that stay of a long list of floating-point numbers, a vector, in a value that is larger than a span: nobody
/// reads vectors.
pub const MAX_VECTOR: usize = 16;
/// Bytes of an event in the text of a stream that has not ended yet, 16 MiB: no picture takes more, and what does is
/// no event.
pub const MAX_EVENT_BYTES: usize = 4 * MAX_CAPTURE_BYTES;
/// The environment of a program that names none (Sentry SDKs: `production`).
pub const DEFAULT_ENVIRONMENT: &str = "production";
