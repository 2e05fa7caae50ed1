// The native module: finding it, and one `init` over it.

import { hostname } from 'node:os';
import { createRequire } from 'node:module';
import type { Backend, Filter, Handle, ScopeHandle, Session } from '../backend.js';
import { describe } from '../errors.js';

/** What `bindings-node/src` exports. */
export interface Native {
  Session: new (
    options: string,
    runtimeVersion: string,
    serverName: string,
    transport: ((number: number, bytes: Uint8Array) => void) | null,
    beforeSendSpan: ((number: number, span: Uint8Array) => void) | null,
  ) => NativeSession;
  ScopeHandle: new () => ScopeHandle;
  continueTrace(headers: string[]): Handle | null;
  checkName(sort: string, name: string): void;
  inspectEnvelopes(bytes: Uint8Array): string;
  runCommandLine(args: string[]): number;
}

export interface NativeSession extends Session {
  readonly isCallable: boolean;
  closeBlocking(beforeSendSpan: Filter | null): boolean;
  sent(number: number, error: string | null): void;
  asked(number: number, span: string | null): void;
}

/** The module of this platform, beside the bundle. */
export function loadNative(): Native {
  const file = `./spanwire.${process.platform}-${process.arch}.node`;
  return createRequire(__filename)(file) as Native;
}

export function nodeBackend(native: Native): Backend {
  return {
    continueTrace: (headers) => native.continueTrace(headers),
    newScope: () => new native.ScopeHandle(),
    checkName: (sort, name) => native.checkName(sort, name),
    inspect: (bytes) => native.inspectEnvelopes(bytes instanceof Uint8Array ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes)),
  };
}

export function openSession(native: Native, options: string, transport: unknown, filter: Filter | null): NativeSession {
  let session: NativeSession | null = null;
  const ask =
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
  session = new native.Session(options, process.versions.node, hostname(), deliver, ask);
  return session;
}
