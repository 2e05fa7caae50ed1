// Spans and trace contexts, as a user holds them. Nothing here throws into the user's code.

import type { Handle, JsonChange, Place } from './backend.js';
import { attributesJson, argumentsJson, fits, textOf } from './convert.js';
import { describe } from './errors.js';
import { label } from './names.js';
import type { Attributes, Messages, Usage } from './options.js';
import { rawJson } from './raw.js';
import { notice, runtime, safely } from './runtime.js';
import { isPromiseLike, watchIterable } from './stream.js';
import { wireJson } from './wire.js';

// Where the host does not have the symbol yet, compiled `using` looks for this one.
const dispose: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for('Symbol.dispose') as never);

const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** A caller's place in its trace, out of the headers of a request. */
export class TraceContext implements Place {
  /** @internal */
  readonly handle: Handle | null;

  /** @internal */
  constructor(handle: Handle | null) {
    this.handle = handle;
  }

  get traceId(): string {
    return this.handle?.traceId ?? NO_TRACE;
  }

  get spanId(): string {
    return this.handle?.spanId ?? NO_SPAN;
  }
}

/** One span. It ends with its callback, by `end()`, with `using`, or when it is let go. */
export class Span implements Place {
  /** @internal */
  readonly handle: Handle | null;
  /** @internal Callbacks and streams that will end it: the last one does. */
  holders = 0;

  /** @internal */
  constructor(handle: Handle | null) {
    this.handle = handle;
  }

  get traceId(): string {
    return this.handle?.traceId ?? NO_TRACE;
  }

  get spanId(): string {
    return this.handle?.spanId ?? NO_SPAN;
  }

  /** Whether changes are still kept. */
  get isRecording(): boolean {
    return this.handle !== null && safely('isRecording', () => this.handle?.isRecording) === true;
  }

  /** Undefined and null are left out. */
  setAttribute(key: string, value: unknown): this {
    change(this, 'setAttribute', (handle) => setAttribute(handle, textOf(key), value));
    return this;
  }

  setAttributes(attributes: Attributes): this {
    change(this, 'setAttributes', (handle) => handle.json('attributes', attributesJson(attributes), false));
    return this;
  }

  /** The same as `setAttribute`, for code written for other SDKs. */
  setData(key: string, value: unknown): this {
    return this.setAttribute(key, value);
  }

  setName(name: string): this {
    change(this, 'setName', (handle) => handle.name(textOf(name)));
    return this;
  }

  /** `ok`, `error`, or one of the older words of Sentry's transactions. */
  setStatus(status: string, message?: string): this {
    change(this, 'setStatus', (handle) => handle.status(textOf(status), message == null ? null : textOf(message)));
    return this;
  }

  setInput(messages: Messages | null | undefined): this {
    content(this, 'input', messages);
    return this;
  }

  setOutput(output: Messages | null | undefined): this {
    content(this, 'output', output);
    return this;
  }

  /** The result of a tool. */
  setResult(result: unknown): this {
    content(this, 'result', result);
    return this;
  }

  setUsage(usage: Usage): this {
    change(this, 'setUsage', (handle) => handle.json('usage', argumentsJson(usage) ?? '{}', false));
    return this;
  }

  /**
   * What went to a vendor, as its wire format has it.
   * @throws where nobody reads `format`
   */
  recordRequest(payload: unknown, format?: string): this {
    if (format != null) runtime.backend?.checkName('format', textOf(format));
    change(this, 'recordRequest', (handle) => handle.request(wireJson(payload), format ?? null, false));
    return this;
  }

  /** What a vendor answered. */
  recordResponse(payload: unknown): this {
    content(this, 'response', payload);
    return this;
  }

  /** One piece of a streamed answer: an event, or some of its text or bytes, cut anywhere or in lines. */
  recordChunk(chunk: unknown): this {
    content(this, 'chunk', chunk);
    return this;
  }

  /** The same items, recorded on their way; the span ends with them, or with its callback if that ends later. */
  wrapStream<T>(stream: T): T {
    if (!this.isRecording) return stream;
    hold(this);
    const watched = safely('wrapStream', () =>
      watchIterable(stream, {
        step: (call) => call(),
        item: (chunk) => void this.recordChunk(chunk),
        failed: (error) => void this.recordException(error),
        done: () => release(this),
      }),
    );
    if (watched === undefined || watched === stream) {
      this.holders -= 1;
      return stream;
    }
    return watched;
  }

  /** Marks the span as failed. */
  recordException(error: unknown): this {
    change(this, 'recordException', (handle) => {
      const { type, message } = describe(error);
      handle.exception(type, message);
    });
    return this;
  }

  /** A span elsewhere that belongs to this one. */
  addLink(to: Span | TraceContext, attributes?: Attributes): this {
    change(this, 'addLink', (handle) => {
      // Not to itself: the handle is lent to one call at a time.
      if (to?.handle && to.handle !== handle) handle.link(to.handle, attributesJson(attributes ?? {}));
      else if (to?.handle === undefined) notice('addLink takes a span or a trace context; something else was left out');
    });
    return this;
  }

  /** Ends the span, now or at milliseconds since the epoch; a second time does nothing. */
  end(timestamp?: number | Date): void {
    const at = timestamp === undefined ? NaN : safely('end', () => Number(timestamp));
    change(this, 'end', (handle) => handle.end(Number.isFinite(at) ? (at as number) : null));
  }

  [dispose](): void {
    this.end();
  }
}

/** Calls what changes a span; what goes wrong is said in debug mode. */
function change(span: Span, what: string, apply: (handle: Handle) => void): void {
  const { handle } = span;
  try {
    if (handle?.isRecording) apply(handle);
  } catch (error) {
    notice(`${what} failed: ${describe(error).message}`);
  }
}

function content(span: Span, what: JsonChange, value: unknown): void {
  change(span, what, (handle) => handle.json(what, written(span, what, value), false));
}

function written(span: Span, what: JsonChange, value: unknown): string {
  if (what === 'chunk') return wireJson(value, span);
  return what === 'response' ? wireJson(value) : rawJson(value);
}

/** What was gathered, not set by hand: policy decides. */
export function gather(span: Span, what: JsonChange, value: unknown): void {
  change(span, what, (handle) => handle.json(what, written(span, what, value), true));
}

/** A request that was gathered. */
export function gatherRequest(span: Span, payload: unknown, format: string | null): void {
  change(span, 'request', (handle) => handle.request(wireJson(payload), format, true));
}

/** Says that something will `release` the span. */
export function hold(span: Span): void {
  span.holders += 1;
}

/** Ends the span, if nobody else holds it. */
export function release(span: Span): void {
  span.holders -= 1;
  if (span.holders <= 0) span.end();
}

/** Every call's span while nothing can be sent. */
export const NOOP = new Span(null);

function setAttribute(handle: Handle, key: string, value: unknown): void {
  switch (typeof value) {
    case 'string':
      return handle.text(key, value);
    case 'number':
      return handle.number(key, value, Number.isSafeInteger(value));
    case 'boolean':
      return handle.flag(key, value);
    case 'bigint':
      // Within 64 bits the digits are an integer; doubles could not hold them.
      return fits(value)
        ? handle.json('attributes', `{${label(key)}${value}}`, false)
        : handle.text(key, value.toString());
    case 'object':
      if (value !== null) handle.json('attributes', `{${label(key)}${rawJson(value)}}`, false);
      return;
    default:
  }
}

/** Calls `callback` with the span current; the span ends with it, and is marked when it throws. */
export function runIn<T>(span: Span, callback: (span: Span) => T): T {
  if (span.handle === null) return callback(span);
  hold(span);
  let result: T;
  try {
    result = within(span, () => callback(span));
  } catch (error) {
    fail(span, error);
    throw error;
  }
  if (!isPromiseLike(result)) {
    release(span);
    if (span.holders > 0) watch(span);
    return result;
  }
  watch(span);
  return result.then(
    (value) => {
      release(span);
      return value;
    },
    (error: unknown) => {
      fail(span, error);
      throw error;
    },
  ) as T;
}

/** Sees to it that a span which outlives its callback ends when it is let go. */
function watch(span: Span): void {
  safely('watch', () => span.handle?.watch?.());
}

function fail(span: Span, error: unknown): void {
  span.recordException(error);
  span.end();
}

/** Calls `callback` with that place current. A scope set inside, before the first await, stays set after. */
export function within<T>(place: Place | null, callback: () => T): T {
  const { context } = runtime;
  const outer = context.get();
  let scope = outer.scope;
  try {
    return context.run({ place, scope }, () => {
      try {
        return callback();
      } finally {
        scope = context.get().scope;
      }
    });
  } finally {
    if (scope !== outer.scope) context.enter({ place: outer.place, scope });
  }
}

/** Calls `callback` with that span current again; it does not end with it. */
export function useSpan<T>(span: Span | TraceContext, callback: () => T): T {
  const isPlace = safely('useSpan', () => span instanceof Span || span instanceof TraceContext);
  return isPlace === true && span.handle !== null ? within(span, callback) : callback();
}

/** The span that is current. */
export function currentSpan(): Span | undefined {
  const { place } = runtime.context.get();
  if (place instanceof Span) return place;
  return runtime.active === null ? NOOP : undefined;
}

