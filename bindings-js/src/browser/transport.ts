// The ways out of a browser: `fetch`, or a function of the user.

/** What came back. */
export interface Answer {
  status: number;
  /** Names and values in turn. */
  headers: string[];
}

export type Send = (url: string, body: Uint8Array) => Answer | Promise<Answer>;

const TAKEN: Answer = { status: 200, headers: [] };

/** Bytes up to which the browser still sends after the page is gone (fetch: 64 KiB for all of a page). */
const KEEPALIVE_BYTES = 60_000;

/** Bytes of the requests under way that the browser would still send. */
let kept = 0;

/** A plain content type needs no preflight. */
const PLAIN = 'text/plain;charset=UTF-8';
/** The only one that Spotlight takes an envelope under; it answers preflights. */
export const ENVELOPE = 'application/x-sentry-envelope';

/** POST with the authentication in the query. */
export function overHttp(timeoutMs: number, contentType = PLAIN): Send {
  return async (url, body) => {
    // One too many would fail at once; without it, it goes as long as the page is there.
    const keepalive = kept + body.length <= KEEPALIVE_BYTES;
    const bytes = keepalive ? body.length : 0;
    kept += bytes;
    try {
      const response = await fetch(url, {
        method: 'POST',
        // 1 MiB of bytes takes `fetch` 10 ms of the main thread, a blob of them 3; a small blob costs more than bytes.
        body: (body.length > KEEPALIVE_BYTES ? new Blob([body as BlobPart]) : body) as BodyInit,
        keepalive,
        credentials: 'omit',
        referrerPolicy: 'strict-origin',
        headers: { 'content-type': contentType },
        signal: AbortSignal.timeout(timeoutMs),
      });
      // Unread, it would keep a connection in some hosts.
      response.body?.cancel().catch(() => {});
      return { status: response.status, headers: [...response.headers].flat() };
    } finally {
      kept -= bytes;
    }
  };
}

/** To a function; a promise is waited for. */
export function toFunction(transport: (envelope: Uint8Array) => unknown): Send {
  return (_url, body) => {
    const result = transport(body);
    return result instanceof Promise ? result.then(() => TAKEN) : TAKEN;
  };
}
