// The one state of the package: backend, context and the session of the last `init`.

import type { Ask, Backend, Context, Current, Session } from './backend.js';

/** What `init` and the entry of each host fill in. */
export interface Runtime {
  /** Null in a browser until the module is loaded. */
  backend: Backend | null;
  context: Context;
  /** The session, if it is one that can send; without it everything is a no-op. */
  active: Session | null;
  session: Session | null;
  /** The session's `tracesSampler`. */
  ask: Ask | null;
  /** Called once, before the first span of a session. */
  onFirstSpan: (() => void) | null;
}

/** Nothing is current. */
export const NOTHING: Current = Object.freeze({ place: null, scope: null });

const nowhere: Context = {
  get: () => NOTHING,
  run: (_current, callback) => callback(),
  enter: () => {},
};

export const runtime: Runtime = {
  backend: null,
  context: nowhere,
  active: null,
  session: null,
  ask: null,
  onFirstSpan: null,
};

/** Takes a new session over. */
export function setSession(session: Session | null, ask: Ask | null): void {
  runtime.session = session;
  runtime.ask = ask;
  runtime.active = session?.isActive ? session : null;
}

const said = new Set<string>();

/** Says something in debug mode, each thing once. */
export function notice(text: string): void {
  if (runtime.session?.isDebug) warn(text);
}

/** Says something in any case, once. */
export function warn(text: string): void {
  if (said.has(text)) return;
  said.add(text);
  try {
    runtime.session?.notice(text);
  } catch {
    // A console that throws is not worth a user's request.
  }
}

/** Calls what must never reach the user's code when it goes wrong. */
export function safely<T>(what: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    notice(`${what} failed: ${String(error)}`);
    return undefined;
  }
}
