// The entry of the npm package `spanwire`: the shared surface over the native module.

import type { Filter } from './backend.js';
import type { InitOptions } from './options.js';
import { askOf, filterOf } from './hooks.js';
import { configured, optionsJson } from './init.js';
import { runtime, setSession } from './runtime.js';
import { loadNative, type NativeSession, nodeBackend, openSession } from './node/backend.js';
import { AsyncContext } from './node/context.js';
import { onProcessEnd } from './node/exit.js';
import { Places } from './node/handle.js';

export * from './api.js';
export { instrument, uninstrument } from './node/instrument.js';

const native = loadNative();
const places = new Places(native);
let session: NativeSession | null = null;
let filter: Filter | null = null;
/** Those of earlier calls of `init`, as long as they still send. */
const leaving = new Map<NativeSession, Filter | null>();
const hookProcessEnd = onProcessEnd(() => session, () => (session === null ? leaving : [...leaving, [session, filter]]));

runtime.backend = nodeBackend(native, places);
runtime.context = new AsyncContext();

/**
 * Chooses where spans go and what is kept of them. What an earlier `init` has waiting is still sent.
 * @throws ConfigError where an option does not exist or does not fit
 */
export function init(options: InitOptions = {}): void {
  const nextFilter = filterOf(options);
  const next = configured(() => openSession(native, places, optionsJson(options), options?.transport, nextFilter));
  const before = session;
  if (before !== null) leaving.set(before, filter);
  session = next;
  filter = nextFilter;
  setSession(next, askOf(options));
  runtime.onFirstSpan = hookProcessEnd;
  before?.close().catch(() => {}).finally(() => leaving.delete(before));
}
