// The npm package `openai`, 4 to 7: `chat.completions.create`, and so the helpers that go through it.
// The user keeps every object of the library: only functions on those objects are replaced.

import { begin } from '../calls.js';
import { notice, runtime, safely } from '../runtime.js';
import { gather, gatherRequest, type Span, within } from '../span.js';
import { watch } from '../stream.js';

const NAME = 'openai';
const FORMAT = 'openai_chat';

type Create = (this: unknown, body: unknown, ...rest: unknown[]) => unknown;
interface Completions {
  create: Create;
  _client?: { baseURL?: unknown };
}

/** Ours -> the library's. */
const originals = new WeakMap<Create, Create>();

/** Watches a client, or a class: every client of it. A second time does nothing. */
export function instrumentOpenAI(target: unknown): void {
  safely(NAME, () => {
    const completions = completionsOf(target);
    if (completions === undefined) return notice(`${NAME}: chat.completions.create was not found; nothing is recorded`);
    const { create } = completions;
    if (originals.has(create) && Object.hasOwn(completions, 'create')) return;
    // A client of a watched class: the library's own function below, or every request would be two spans.
    const original = originals.get(create) ?? create;
    const patched = patch(original);
    originals.set(patched, original);
    Object.defineProperty(completions, 'create', { value: patched, configurable: true, writable: true });
  });
}

/** Takes it off; what was never watched stays as it is. */
export function uninstrumentOpenAI(target: unknown): void {
  safely(NAME, () => {
    const completions = completionsOf(target);
    const original = completions && originals.get(completions.create);
    if (!completions || !original || !Object.hasOwn(completions, 'create')) return;
    const inherited = Object.getPrototypeOf(completions) as Partial<Completions> | null;
    if (typeof inherited?.create === 'function') delete (completions as Partial<Completions>).create;
    else Object.defineProperty(completions, 'create', { value: original, configurable: true, writable: true });
  });
}

/** Where `create` lives: on a client's resource, or on the prototype that a class (or its module) has. */
function completionsOf(target: unknown): Completions | undefined {
  const path = (object: unknown, ...keys: string[]): unknown =>
    keys.reduce<unknown>((found, key) => (found as Record<string, unknown> | null | undefined)?.[key], object);
  const candidates = [
    path(target, 'chat', 'completions'),
    path(target, 'Chat', 'Completions', 'prototype'),
    path(target, 'OpenAI', 'Chat', 'Completions', 'prototype'),
    path(target, 'default', 'Chat', 'Completions', 'prototype'),
  ];
  return candidates.find((found): found is Completions => typeof path(found, 'create') === 'function');
}

function patch(original: Create): Create {
  const create: Create = function (this: unknown, body, ...rest) {
    if (runtime.active === null) return original.call(this, body, ...rest);
    const span = start(this as Completions, body);
    let promise: unknown;
    try {
      promise = within(span, () => original.call(this, body, ...rest));
    } catch (error) {
      fail(span, error);
      throw error;
    }
    if (safely(NAME, () => follow(span, promise)) !== true) {
      notice(`${NAME}: the result of chat.completions.create has another shape; answers are not recorded`);
      span.end();
    }
    return promise;
  };
  return create;
}

function start(completions: Completions, body: unknown): Span {
  const model = safely(NAME, () => (body as { model?: unknown } | null)?.model);
  const attributes = safely(NAME, () => server(completions._client?.baseURL)) ?? {};
  const subject = typeof model === 'string' ? model : null;
  const span = begin({ call: 'chat', subject, integration: NAME, options: { attributes } });
  gatherRequest(span, body, FORMAT);
  return span;
}

function server(baseURL: unknown): Record<string, unknown> {
  if (typeof baseURL !== 'string') return {};
  const { hostname, port } = new URL(baseURL);
  return port === '' ? { 'server.address': hostname } : { 'server.address': hostname, 'server.port': Number(port) };
}

/** The library's promise: lazy, with the raw answer beside the parsed one. */
interface ApiPromise {
  responsePromise: Promise<unknown>;
  parseResponse: (this: unknown, ...args: unknown[]) => unknown;
  parsedPromise?: unknown;
  asResponse?: unknown;
  _thenUnwrap?: (transform: Transform) => unknown;
}

type Transform = (value: unknown, ...rest: unknown[]) => unknown;

/** Hooks into the promise without touching when, or whether, it does anything. */
function follow(span: Span, promise: unknown): boolean {
  const api = promise as ApiPromise;
  if (!(api?.responsePromise instanceof Promise) || typeof api.parseResponse !== 'function') return false;
  const { parseResponse, asResponse } = api;
  // In its place, not beside it: a rejection that nobody handles stays one.
  api.responsePromise = api.responsePromise.then(undefined, (error: unknown) => {
    fail(span, error);
    throw error;
  });
  api.parseResponse = async function (...args) {
    let value: unknown;
    try {
      value = await parseResponse.apply(this, args);
    } catch (error) {
      fail(span, error);
      throw error;
    }
    safely(NAME, () => answer(span, value));
    return value;
  };
  if (typeof asResponse === 'function') {
    const whole = async () => {
      const response: unknown = await asResponse.call(api);
      // The user reads the body alone: there is nothing more to see.
      if (api.parsedPromise === undefined) span.end();
      return response;
    };
    Object.defineProperty(api, 'asResponse', { value: whole, configurable: true, writable: true });
  }
  if (Object.hasOwn(api, '_thenUnwrap')) followUnwrapped(span, api);
  return true;
}

/** From 7 on, the promise that a helper (`parse`) makes of this one does not go through what is replaced above. */
function followUnwrapped(span: Span, api: ApiPromise): void {
  const unwrap = api._thenUnwrap;
  if (typeof unwrap !== 'function') return;
  api._thenUnwrap = (transform) => {
    const promise = unwrap.call(api, (value, ...rest) => {
      safely(NAME, () => answer(span, value));
      return transform(value, ...rest);
    });
    // The new promise is the one that is waited for: this one must not count as unhandled.
    api.responsePromise.catch(() => {});
    safely(NAME, () => follow(span, promise));
    return promise;
  };
}

/** The library's stream: `iterator` makes what `for await`, `tee` and `toReadableStream` read from. */
interface Stream {
  iterator: (this: unknown, ...args: unknown[]) => object;
  controller?: AbortController;
}

function isStream(value: unknown): value is Stream {
  return value !== null && typeof value === 'object' && typeof (value as { iterator?: unknown }).iterator === 'function';
}

function answer(span: Span, value: unknown): void {
  if (isStream(value)) return streamed(span, value);
  if (value !== null && typeof value === 'object') gather(span, 'response', value);
  span.end();
}

function streamed(span: Span, stream: Stream): void {
  const { iterator } = stream;
  stream.iterator = function (...args) {
    return watch(iterator.apply(this, args), {
      step: (call) => call(),
      item: (chunk) => gather(span, 'chunk', chunk),
      failed: (error) => record(span, error),
      done: () => span.end(),
    });
  };
  // Later: a stream that fails aborts itself first, and its error belongs on the span.
  const aborted = () => setTimeout(() => span.end(), 0);
  stream.controller?.signal.addEventListener('abort', aborted, { once: true });
}

function fail(span: Span, error: unknown): void {
  record(span, error);
  span.end();
}

function record(span: Span, error: unknown): void {
  const status = safely(NAME, () => (error as { status?: unknown } | null)?.status);
  if (typeof status === 'number') span.setAttribute('http.response.status_code', status);
  span.recordException(error);
}
