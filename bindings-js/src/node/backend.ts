// The native module: finding it, and one `init` over it.

import { hostname } from 'node:os';
import { createRequire } from 'node:module';
import type { Backend, Filter, Handle, ScopeHandle, Session } from '../backend.js';
import { describe } from '../errors.js';
import { type NativePlaces, numberOf, Places } from './handle.js';
import { Batch, type NativeKept } from './kept.js';

/** What `bindings-node/src` exports. */
export interface Native extends NativePlaces {
  Session: new (
    options: string,
    runtimeVersion: string,
    serverName: string,
    transport: ((number: number, bytes: Uint8Array) => void) | null,
    beforeSendSpan: ((number: number, span: Uint8Array) => void) | null,
  ) => RawSession;
  ScopeHandle: new () => ScopeHandle;
  continueTrace(headers: string[]): number | null;
  checkName(sort: string, name: string): void;
  longText(): number;
  substituteBlob(beginning: string, length: number): string | null;
  inspectEnvelopes(bytes: Uint8Array): string;
  runCommandLine(args: string[]): number;
}

/** Arguments whose handles are numbers. */
type Numbered<A> = { [Key in keyof A]: A[Key] extends Handle | null ? number | null : A[Key] };

/** A session whose places are numbers. */
interface RawSession extends Omit<NativeSession, 'start'>, NativeKept {
  /** Whether spans may wait on their way here: the clock is no made-up one, and nothing is put on disk. */
  readonly isPatient: boolean;
  /** Whether the clock is a made-up one. */
  readonly isTesting: boolean;
  /** A span's number, or the complement of it where the span is not recorded. */
  start(...args: Numbered<Parameters<Session['start']>>): number;
}

export interface NativeSession extends Session {
  readonly isCallable: boolean;
  closeBlocking(milliseconds: number | undefined, beforeSendSpan: Filter | null): boolean;
  sent(number: number, error: string | null): void;
  asked(number: number, span: string | null): void;
}

/** The module of this platform, beside the bundle. */
export function loadNative(): Native {
  const file = `./spanwire.${process.platform}-${process.arch}.node`;
  return createRequire(__filename)(file) as Native;
}

export function nodeBackend(native: Native, places: Places): Backend {
  return {
    continueTrace: (headers) => {
      const number = native.continueTrace(headers);
      return number === null ? null : places.context(number);
    },
    newScope: () => new native.ScopeHandle(),
    checkName: (sort, name) => native.checkName(sort, name),
    longText: native.longText(),
    substituteBlob: (beginning, length) => native.substituteBlob(beginning, length),
    inspect: (bytes) => native.inspectEnvelopes(bytes instanceof Uint8Array ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes)),
  };
}

export function openSession(
  native: Native,
  places: Places,
  options: string,
  transport: unknown,
  filter: Filter | null,
): NativeSession {
  let session: RawSession | null = null;
  const asking =
    filter &&
    ((number: number, span: Uint8Array) => session?.asked(number, filter(new TextDecoder().decode(span))));
  const deliver =
    typeof transport === 'function'
      ? (number: number, bytes: Uint8Array) => {
          // A promise is waited for; what it gives is of no interest, what it throws is the reason.
          new Promise((resolve) => resolve(transport(bytes))).then(
            () => session?.sent(number, null),
            (error: unknown) => session?.sent(number, describe(error).message || 'the transport function failed'),
          );
        }
      : null;
  const raw: RawSession = new native.Session(options, process.versions.node, hostname(), deliver, asking);
  session = raw;
  // A clock that stands still tells no age.
  const batch = raw.isTesting ? null : new Batch(raw, raw.isPatient);
  return batch === null ? Object.assign(raw, { start: starting(raw, places, null) }) : withBatch(raw, places, batch);
}

function starting(raw: RawSession, places: Places, batch: Batch | null): Session['start'] {
  const start = raw.start.bind(raw);
  return (call, subject, name, integration, args, parent, scope, ask) =>
    (parent && batch && places.below(parent, batch, scope, call, subject, name, integration, args)) ||
    places.span(start(call, subject, name, integration, args, numberOf(parent), scope, ask), batch);
}

/** The session, which is asked nothing before it has what its spans keep to themselves. */
function withBatch(raw: RawSession, places: Places, batch: Batch): NativeSession {
  const start = starting(raw, places, batch);
  const { flush, close, closeBlocking, stats } = raw;
  return Object.assign(raw, {
    start,
    flush: after(() => batch.drain(), flush.bind(raw)),
    close: after(() => batch.close(), close.bind(raw)),
    closeBlocking: after(() => batch.close(), closeBlocking.bind(raw)),
    stats: after(() => batch.drain(), stats.bind(raw)),
  });
}

function after<A extends unknown[], T>(before: () => void, call: (...args: A) => T): (...args: A) => T {
  return (...args) => {
    before();
    return call(...args);
  };
}
