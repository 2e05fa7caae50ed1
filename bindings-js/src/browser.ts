// The entry of the npm package `spanwire-browser`: the shared surface over the wasm module.

import load from 'spanwire-wasm';
import { SyncContext } from './browser/context.js';
import { wasmBackend, WasmSession } from './browser/session.js';
import { askOf } from './hooks.js';
import { configured } from './init.js';
import { instrumentOpenAI, uninstrumentOpenAI } from './integrations/openai.js';
import type { InitOptions } from './options.js';
import { notice, runtime, setSession } from './runtime.js';

export * from './api.js';

/** Where the module is, for hosts that cannot load it from beside the script. */
export interface BrowserInitOptions extends InitOptions {
  wasm?: string | URL | Request | Response | BufferSource | WebAssembly.Module | Promise<Response>;
}

runtime.context = new SyncContext();
let loading: Promise<unknown> | null = null;
let session: WasmSession | null = null;

/**
 * Loads the module, and chooses where spans go and what is kept of them. Spans that are started before it is
 * done are not recorded.
 * @throws ConfigError where an option does not exist or does not fit
 */
export async function init(options: BrowserInitOptions = {}): Promise<void> {
  const { wasm, ...rest } = options ?? {};
  loading ??= wasm === undefined ? load() : load({ module_or_path: wasm });
  try {
    await loading;
  } catch (error) {
    // The next `init` may try another place.
    loading = null;
    throw error;
  }
  runtime.backend = wasmBackend;
  const next = configured(() => new WasmSession(rest));
  const before = session;
  session = next;
  setSession(next, askOf(rest));
  runtime.onFirstSpan = hookPageEnd;
  before?.close().catch(() => {});
}

let isHooked = false;

/** A page that is left may never come back: what waits leaves with it. */
function hookPageEnd(): void {
  if (isHooked || typeof addEventListener !== 'function') return;
  isHooked = true;
  addEventListener('pagehide', () => session?.delivery.leave(true));
  globalThis.document?.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') session?.delivery.leave(false);
  });
}

/** Watches one client object, or every client of a class. */
export function instrument<T>(client: T): T;
export function instrument(): undefined;
export function instrument<T>(client?: T): T | undefined {
  if (client === undefined) notice('instrument: a browser cannot find libraries; hand over a client or its class');
  else instrumentOpenAI(client);
  return client;
}

/** Takes it off again. */
export function uninstrument(client?: unknown): void {
  uninstrumentOpenAI(client);
}
