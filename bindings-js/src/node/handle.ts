// Places in traces, which the native module knows by numbers.

import type { Handle, JsonChange } from '../backend.js';

/** What `bindings-node/src/handle.rs` exports; every first argument is the number of a place. */
export interface NativePlaces {
  jsonChanges(): string[];
  traceId(number: number): string;
  spanId(number: number): string;
  headers(number: number, withTraceparent: boolean): string[];
  setText(number: number, key: string, value: string): void;
  setNumber(number: number, key: string, value: number, isInteger: boolean): void;
  setFlag(number: number, key: string, value: boolean): void;
  setJson(number: number, what: number, json: string, automatically: boolean): void;
  setJsonLate(number: number, ageMs: number, what: number, json: string, automatically: boolean): void;
  setRequest(number: number, json: string, format: string | null, automatically: boolean): void;
  setName(number: number, name: string): void;
  setStatus(number: number, word: string, message: string | null): void;
  setException(number: number, kind: string, message: string): void;
  addLink(number: number, to: number, attributes: string): void;
  endSpan(number: number, milliseconds: number): void;
  endSpanWith(number: number, milliseconds: number, what: number, json: string, automatically: boolean): void;
  letGo(number: number): void;
}

/** Changes that may wait for the end, which they then share a crossing with: nothing else reads them before. */
const PATIENT: ReadonlySet<JsonChange> = new Set<JsonChange>(['usage', 'input', 'system', 'output', 'result', 'response']);

/** What is left of a handle when nobody holds it any more. */
interface Held {
  readonly number: number;
  /** The change that waits; negative where none does. */
  what: number;
  json: string;
  automatically: boolean;
  /** When that was, as `performance.now`. */
  at: number;
}

/** Makes handles of numbers. */
export class Places {
  private readonly positions: ReadonlyMap<string, number>;
  private readonly left: FinalizationRegistry<Held>;

  constructor(readonly native: NativePlaces) {
    this.positions = new Map(native.jsonChanges().map((name, position) => [name, position]));
    this.left = new FinalizationRegistry((held) => {
      const { number, what } = held;
      if (what >= 0) native.setJsonLate(number, performance.now() - held.at, what, held.json, held.automatically);
      native.letGo(number);
    });
  }

  /** A span: its number, or the complement of that where it is not recorded. */
  span(told: number, isPatient: boolean): Handle {
    return this.watched(new NativeHandle(this, told < 0 ? ~told : told, told >= 0, told < 0, isPatient));
  }

  /** A caller's span. */
  context(number: number): Handle {
    return this.watched(new NativeHandle(this, number, false, false, false));
  }

  position(what: JsonChange): number {
    return this.positions.get(what) ?? -1;
  }

  private watched(handle: NativeHandle): NativeHandle {
    this.left.register(handle, handle.held);
    return handle;
  }
}

class NativeHandle implements Handle {
  readonly held: Held;

  constructor(
    private readonly places: Places,
    number: number,
    /** Whether changes are still kept. */
    public isRecording: boolean,
    readonly isLeftOut: boolean,
    private readonly isPatient: boolean,
  ) {
    this.held = { number, what: -1, json: '', automatically: false, at: 0 };
  }

  get traceId(): string {
    return this.places.native.traceId(this.held.number);
  }

  get spanId(): string {
    return this.places.native.spanId(this.held.number);
  }

  headers(withTraceparent: boolean): string[] {
    return this.places.native.headers(this.held.number, withTraceparent);
  }

  text(key: string, value: string): void {
    this.native().setText(this.held.number, key, value);
  }

  number(key: string, value: number, isInteger: boolean): void {
    this.native().setNumber(this.held.number, key, value, isInteger);
  }

  flag(key: string, value: boolean): void {
    this.native().setFlag(this.held.number, key, value);
  }

  json(what: JsonChange, json: string, automatically: boolean): void {
    const { held, places } = this;
    const native = this.native();
    if (!this.isPatient || !PATIENT.has(what)) return native.setJson(held.number, places.position(what), json, automatically);
    held.what = places.position(what);
    held.json = json;
    held.automatically = automatically;
    held.at = performance.now();
  }

  request(json: string, format: string | null, automatically: boolean): void {
    this.native().setRequest(this.held.number, json, format, automatically);
  }

  name(name: string): void {
    this.native().setName(this.held.number, name);
  }

  status(word: string, message: string | null): void {
    this.native().setStatus(this.held.number, word, message);
  }

  exception(kind: string, message: string): void {
    this.native().setException(this.held.number, kind, message);
  }

  link(to: Handle, attributes: string): void {
    this.native().addLink(this.held.number, (to as NativeHandle).held.number, attributes);
  }

  end(milliseconds?: number | null): void {
    const { held } = this;
    const at = milliseconds ?? NaN;
    this.isRecording = false;
    if (held.what < 0) return this.places.native.endSpan(held.number, at);
    const { what, json } = held;
    held.what = -1;
    held.json = '';
    this.places.native.endSpanWith(held.number, at, what, json, held.automatically);
  }

  /** The module, which has every change so far. */
  private native(): NativePlaces {
    const { held } = this;
    const { native } = this.places;
    if (held.what >= 0) {
      const { what, json } = held;
      held.what = -1;
      held.json = '';
      native.setJson(held.number, what, json, held.automatically);
    }
    return native;
  }
}

/** The number of a place; null where there is none. */
export function numberOf(handle: Handle | null): number | null {
  return handle === null ? null : (handle as NativeHandle).held.number;
}
