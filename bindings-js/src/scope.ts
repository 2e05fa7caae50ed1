// What spans inherit, and the headers that carry a trace from one service to the next.

import type { ScopeHandle } from './backend.js';
import { scopeJson } from './convert.js';
import type { ScopeOptions, User } from './options.js';
import { runtime, safely } from './runtime.js';
import { TraceContext, within } from './span.js';

/** Sets the conversation for the spans that follow; null takes it away. */
export function setConversationId(conversationId: string | null): void {
  change({ conversation_id: conversationId });
}

/** Sets the user for the spans that follow; null takes it away. */
export function setUser(user: User | string | number | null): void {
  change({ user });
}

/** Sets the pipeline for the spans that follow; null takes it away. */
export function setPipeline(pipeline: string | null): void {
  change({ pipeline });
}

/** A block whose spans inherit what is given here. */
export function scope<T>(options: ScopeOptions, callback: () => T): T {
  const { context } = runtime;
  const outer = context.get();
  const inner = safely('scope', () => changed(outer.scope, options)) ?? outer.scope;
  return context.run({ place: outer.place, scope: inner }, callback);
}

/** The function with the current span and scope of this moment, wherever it is called: by an event, or another's queue. */
export function wrap<A extends unknown[], T, This>(callback: (this: This, ...args: A) => T): (this: This, ...args: A) => T {
  const { context } = runtime;
  const there = context.get();
  return function (this: This, ...args: A): T {
    return context.run(there, () => callback.apply(this, args));
  };
}

function change(options: object): void {
  safely('scope', () => {
    const { context } = runtime;
    const { place, scope } = context.get();
    context.enter({ place, scope: changed(scope, options) });
  });
}

function changed(scope: ScopeHandle | null, fields: object): ScopeHandle | null {
  return (scope ?? runtime.backend?.newScope())?.with(scopeJson(fields)) ?? null;
}

/** The headers for an outgoing request; none outside of every span. */
export function traceHeaders(): Record<string, string> {
  const handle = runtime.context.get().place?.handle;
  const withTraceparent = runtime.session?.propagatesTraceparent ?? false;
  const pairs = (handle && safely('traceHeaders', () => handle.headers(withTraceparent))) || [];
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < pairs.length; at += 2) headers[pairs[at] as string] = pairs[at + 1] as string;
  return headers;
}

/** Headers of an incoming request: an object, a `Headers`, or pairs. */
export type IncomingHeaders =
  | Record<string, string | readonly string[] | undefined>
  | Iterable<readonly [string, string]>
  | { forEach(callback: (value: string, name: string) => void): void };

/** The caller's place in its trace; current inside the callback. Nonsense in a header is ignored. */
export function continueTrace(headers: IncomingHeaders): TraceContext;
export function continueTrace<T>(headers: IncomingHeaders, callback: (context: TraceContext) => T): T;
export function continueTrace<T>(headers: IncomingHeaders, callback?: (context: TraceContext) => T): TraceContext | T {
  const handle = safely('continueTrace', () => runtime.backend?.continueTrace(flat(headers))) ?? null;
  const context = new TraceContext(handle);
  if (typeof callback !== 'function') return context;
  return within(handle === null ? null : context, () => callback(context));
}

function flat(headers: IncomingHeaders): string[] {
  const texts: string[] = [];
  const add = (name: unknown, value: unknown) => {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof name === 'string' && typeof one === 'string') texts.push(name, one);
    }
  };
  if (headers === null || typeof headers !== 'object') return texts;
  if (Symbol.iterator in headers) {
    for (const [name, value] of headers) add(name, value);
  } else {
    for (const [name, value] of Object.entries(headers)) add(name, value);
  }
  return texts;
}
