// One `init` in a browser: the wasm session with time, randomness and delivery around it.

import * as wasm from 'spanwire-wasm';
import type { Ask, Backend, Handle, JsonChange, ScopeHandle, Session } from '../backend.js';
import { ConfigError } from '../errors.js';
import { filterOf } from '../hooks.js';
import { optionsJson } from '../init.js';
import type { InitOptions } from '../options.js';
import { Clock } from './clock.js';
import { Delivery } from './delivery.js';
import { dsnParts } from './dsn.js';
import { ENVELOPE, overHttp, toFunction } from './transport.js';

export const wasmBackend: Backend = {
  continueTrace(headers) {
    const place = wasm.continueTrace(headers);
    return place ? new WasmHandle(place, null, false) : null;
  },
  newScope: () => new wasm.ScopeHandle(),
  checkName: (sort, name) => wasm.checkName(sort, name),
  get longText() {
    return wasm.longText();
  },
  substituteBlob: (beginning, length) => wasm.substituteBlob(beginning, length) ?? null,
  inspect: (bytes) => wasm.inspectEnvelopes(bytes),
};

/** A wasm handle that is told the time. */
class WasmHandle implements Handle {
  constructor(
    readonly inner: wasm.Handle,
    private readonly session: WasmSession | null,
    readonly isLeftOut: boolean,
  ) {}

  get traceId(): string {
    return this.inner.traceId;
  }
  get spanId(): string {
    return this.inner.spanId;
  }
  get isRecording(): boolean {
    return this.inner.isRecording;
  }
  headers(withTraceparent: boolean): string[] {
    return this.inner.headers(withTraceparent);
  }
  text(key: string, value: string): void {
    this.inner.text(this.now(), key, value);
  }
  number(key: string, value: number, isInteger: boolean): void {
    this.inner.number(this.now(), key, value, isInteger);
  }
  flag(key: string, value: boolean): void {
    this.inner.flag(this.now(), key, value);
  }
  json(what: JsonChange, json: string, automatically: boolean): void {
    this.inner.json(this.now(), what, json, automatically);
  }
  request(json: string, format: string | null, automatically: boolean): void {
    this.inner.request(this.now(), json, format, automatically);
  }
  name(name: string): void {
    this.inner.name(this.now(), name);
  }
  status(word: string, message: string | null): void {
    this.inner.status(this.now(), word, message);
  }
  exception(kind: string, message: string): void {
    this.inner.exception(this.now(), kind, message);
  }
  link(to: Handle, attributes: string): void {
    this.inner.link(this.now(), (to as WasmHandle).inner, attributes);
  }
  end(milliseconds?: number | null): void {
    this.inner.end(this.now(), milliseconds ?? null);
    this.session?.delivery.wake();
  }

  private now(): number {
    return this.session?.clock.now() ?? 0;
  }
}

export class WasmSession implements Session {
  readonly clock = new Clock();
  readonly delivery: Delivery;
  readonly isActive: boolean;
  readonly isDebug: boolean;
  readonly propagatesTraceparent: boolean;
  private readonly inner: wasm.Session;
  private readonly nowhere = wasm.Handle.nowhere();
  private readonly noScope = new wasm.ScopeHandle();
  /** The glue frees a handle that is let go, which ends its span; this wakes who sends it. */
  private readonly freed = globalThis.FinalizationRegistry && new FinalizationRegistry(() => this.delivery.wake());

  constructor(options: InitOptions) {
    const [name, version] = host();
    this.inner = new wasm.Session(optionsJson(options), dsnParts(options?.dsn), name, version, filterOf(options) ?? undefined);
    if (this.inner.isFile) {
      throw new ConfigError('option `transport` cannot be a file here; allowed: "http", or a function that takes an envelope\'s bytes');
    }
    const { transport } = options;
    const { requestTimeout } = this.inner;
    const send = typeof transport === 'function' ? toFunction(transport) : overHttp(requestTimeout);
    this.delivery = new Delivery(this.inner, this.clock, send, overHttp(requestTimeout, ENVELOPE));
    this.isActive = this.inner.isActive;
    this.isDebug = this.inner.isDebug;
    this.propagatesTraceparent = this.inner.propagatesTraceparent;
  }

  allows(integration: string): boolean {
    return this.inner.allows(integration);
  }

  start(
    call: string,
    subject: string | null,
    name: string | null,
    integration: string | null,
    args: string | null,
    parent: Handle | null,
    scope: ScopeHandle | null,
    ask: Ask | null,
  ): Handle {
    const now = parent === null ? this.clock.synchronised() : this.clock.now();
    const above = parent === null ? this.nowhere : (parent as WasmHandle).inner;
    const inherited = (scope as wasm.ScopeHandle | null) ?? this.noScope;
    const inner = this.inner.start(now, randomBytes(), call, subject, name, integration, args, above, inherited, ask);
    this.freed?.register(inner, undefined);
    return new WasmHandle(inner, this, !inner.isRecording);
  }

  flush(timeoutMs?: number): Promise<boolean> {
    return this.delivery.flush(timeoutMs);
  }

  close(timeoutMs?: number): Promise<boolean> {
    return this.delivery.close(timeoutMs);
  }

  countLeftOut(items: number): void {
    this.inner.countLeftOut(items);
  }

  stats(): string {
    return this.inner.stats();
  }

  setTestClock(seconds: number): void {
    this.inner.setTestClock(seconds);
  }

  notice(notice: string): void {
    console.warn(`spanwire: ${notice}`);
  }
}

/** Random bytes of one span. */
const RANDOM_BYTES = 32;
/** Drawn for so many spans at once: a call of `getRandomValues` costs as much as the rest of a start. */
const random = new Uint8Array(RANDOM_BYTES * 64);
let drawn = random.length;

function randomBytes(): Uint8Array {
  if (drawn === random.length) {
    crypto.getRandomValues(random);
    drawn = 0;
  }
  drawn += RANDOM_BYTES;
  return random.subarray(drawn - RANDOM_BYTES, drawn);
}

/** `process.runtime.name` and its version, where the host is one that has them. */
function host(): [string, string] {
  const { Deno, Bun } = globalThis as { Deno?: { version?: { deno?: string } }; Bun?: { version?: string } };
  if (Deno?.version?.deno) return ['deno', Deno.version.deno];
  if (Bun?.version) return ['bun', Bun.version];
  return ['', ''];
}
