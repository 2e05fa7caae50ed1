// Places in traces, which the native module knows by numbers.

import type { Handle, JsonChange, ScopeHandle } from '../backend.js';
import { label } from '../names.js';
import { quote } from '../raw.js';
import { type Base, type Batch, drawId, type Kept, KEPT_CHANGES, textsOf } from './kept.js';

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
  placeBelow(number: number, idHigh: number, idLow: number): number | null;
  abandon(number: number): void;
  letGo(number: number): void;
}

/** Changes that may wait for the end, which they then share a crossing with: nothing else reads them before. */
const PATIENT: ReadonlySet<JsonChange> = new Set<JsonChange>(['usage', 'input', 'system', 'output', 'result', 'response']);

/** What the module knows of a handle, and what waits for it. */
class Held {
  /** The module has forgotten the number. */
  isFree = false;
  /** Something hangs below it that the module does not know yet. */
  hasBase = false;
  /** The change that waits; negative where none does. */
  what = -1;
  json = '';
  automatically = false;
  /** When that was, as `performance.now`. */
  at = 0;

  constructor(readonly number: number) {}
}

/** What is left of a handle when nobody holds it any more. */
interface Remains {
  held: Held | null;
  readonly kept: Kept | null;
}

/** Makes handles of numbers. */
export class Places {
  private readonly positions: ReadonlyMap<string, number>;
  private readonly left: FinalizationRegistry<Remains>;
  private readonly bases: FinalizationRegistry<Held>;

  constructor(readonly native: NativePlaces) {
    this.positions = new Map(native.jsonChanges().map((name, position) => [name, position]));
    this.left = new FinalizationRegistry((remains) => this.letGo(remains));
    this.bases = new FinalizationRegistry((held) => this.free(held));
  }

  /** A span: its number, or the complement of that where it is not recorded. */
  span(told: number, batch: Batch | null): Handle {
    return this.known(new NativeHandle(this, batch, told >= 0, told < 0), told < 0 ? ~told : told);
  }

  /** A caller's span. */
  context(number: number): Handle {
    return this.known(new NativeHandle(this, null, false, false), number);
  }

  /** A span that the module does not know yet, or null where it has to know it. */
  below(
    parent: Handle,
    batch: Batch,
    scope: ScopeHandle | null,
    call: string,
    subject: string | null,
    name: string | null,
    integration: string | null,
    args: string | null,
  ): Handle | null {
    const above = parent as NativeHandle;
    if (above.isLeftOut) {
      batch.leaveOut();
      return new NativeHandle(this, batch, false, true, null, above.ground());
    }
    if (!above.isRecorded || !batch.takes(call, subject)) return null;
    const texts = textsOf(call, subject, name, integration, args);
    if (texts === null) return null;
    return new NativeHandle(this, batch, true, false, batch.begin(above.ground(), scope, texts));
  }

  position(what: JsonChange): number {
    return this.positions.get(what) ?? -1;
  }

  /** Looks after what is left of a handle when nobody holds it any more. */
  watch(handle: NativeHandle, remains: Remains): void {
    this.left.register(handle, remains);
  }

  /** Something that keeps a number known, also when its handle is gone. */
  base(held: Held): Base {
    const base = { number: held.number };
    held.hasBase = true;
    this.bases.register(base, held);
    return base;
  }

  private known(handle: NativeHandle, number: number): Handle {
    handle.hold(number);
    return handle;
  }

  private letGo({ held, kept }: Remains): void {
    if (held === null) {
      if (kept?.isOpen) this.native.letGo(kept.batch.open(kept));
      return;
    }
    if (!held.hasBase) return this.free(held);
    if (held.isFree) return;
    this.hand(held);
    this.native.abandon(held.number);
  }

  private free(held: Held): void {
    if (held.isFree) return;
    held.isFree = true;
    this.hand(held);
    this.native.letGo(held.number);
  }

  /** A change that waited for an end that did not come. */
  private hand(held: Held): void {
    const { number, what, json, automatically, at } = held;
    held.what = -1;
    if (what >= 0) this.native.setJsonLate(number, performance.now() - at, what, json, automatically);
  }
}

class NativeHandle implements Handle {
  /** Whether its changes were ever kept. */
  readonly isRecorded: boolean;
  private held: Held | null = null;
  private remains: Remains | null = null;
  /** What keeps its number known for those below. */
  private base: Base | null = null;

  constructor(
    private readonly places: Places,
    /** Where changes may wait; null where none does: a clock that stands still tells no age. */
    private readonly batch: Batch | null,
    /** Whether changes are still kept. */
    public isRecording: boolean,
    readonly isLeftOut: boolean,
    /** What the module is to be told of it, ... */
    private readonly kept: Kept | null = null,
    /** ... or where it hangs, being left out, as long as the module does not know it. */
    private readonly above: Base | null = null,
  ) {
    this.isRecorded = isRecording;
  }

  get traceId(): string {
    const above = this.held ?? this.kept?.base ?? this.above;
    return this.places.native.traceId(above?.number ?? this.place);
  }

  get spanId(): string {
    return this.kept?.spanId ?? this.places.native.spanId(this.place);
  }

  headers(withTraceparent: boolean): string[] {
    return this.places.native.headers(this.place, withTraceparent);
  }

  text(key: string, value: string): void {
    if (this.keeps('attributes', value.length)) this.attribute(key, quote(value));
    else this.native().setText(this.place, key, value);
  }

  number(key: string, value: number, isInteger: boolean): void {
    // As text a whole number is an integer.
    const isPlain = isInteger || (Number.isFinite(value) && !Number.isInteger(value));
    if (isPlain && this.keeps('attributes', 0)) this.attribute(key, String(value));
    else this.native().setNumber(this.place, key, value, isInteger);
  }

  flag(key: string, value: boolean): void {
    if (this.keeps('attributes', 0)) this.attribute(key, String(value));
    else this.native().setFlag(this.place, key, value);
  }

  json(what: JsonChange, json: string, automatically: boolean): void {
    const position = this.places.position(what);
    if (this.keeps(what, json.length)) return this.kept?.change(position, json, automatically);
    const native = this.native();
    const { held } = this;
    if (held === null || this.batch === null || !PATIENT.has(what)) {
      return native.setJson(this.place, position, json, automatically);
    }
    held.what = position;
    held.json = json;
    held.automatically = automatically;
    held.at = performance.now();
  }

  request(json: string, format: string | null, automatically: boolean): void {
    this.native().setRequest(this.place, json, format, automatically);
  }

  name(name: string): void {
    this.native().setName(this.place, name);
  }

  status(word: string, message: string | null): void {
    this.native().setStatus(this.place, word, message);
  }

  exception(kind: string, message: string): void {
    this.native().setException(this.place, kind, message);
  }

  link(to: Handle, attributes: string): void {
    this.native().addLink(this.place, (to as NativeHandle).place, attributes);
  }

  end(milliseconds?: number | null): void {
    const at = milliseconds ?? NaN;
    this.isRecording = false;
    if (this.kept?.isOpen) return this.kept.end(at);
    // What hangs below it has ended before.
    this.batch?.drain();
    const { native } = this.places;
    const { held } = this;
    if (held === null || held.what < 0) return native.endSpan(this.place, at);
    const { what, json } = held;
    held.what = -1;
    held.json = '';
    native.endSpanWith(held.number, at, what, json, held.automatically);
  }

  watch(): void {
    if (this.remains !== null || (this.kept === null && this.held === null)) return;
    this.remains = { held: this.held, kept: this.kept };
    this.places.watch(this, this.remains);
  }

  /** Its number in the module, which knows it from now on. */
  get place(): number {
    return this.known.number;
  }

  private get known(): Held {
    return this.held ?? this.hold(this.introduce());
  }

  hold(number: number): Held {
    const held = new Held(number);
    this.held = held;
    if (this.remains === null) this.watch();
    else this.remains.held = held;
    return held;
  }

  /** What those below hang on. */
  ground(): Base {
    if (this.base !== null) return this.base;
    if (this.held === null && this.above !== null) return this.above;
    return (this.base = this.places.base(this.known));
  }

  private introduce(): number {
    const { kept, above } = this;
    if (kept?.isOpen) return kept.batch.open(kept);
    const { native } = this.places;
    if (kept !== null) return native.placeBelow(kept.base.number, kept.idHigh, kept.idLow) ?? UNKNOWN;
    return above === null ? UNKNOWN : (native.placeBelow(above.number, ...drawId()) ?? UNKNOWN);
  }

  private keeps(what: JsonChange, characters: number): boolean {
    return this.kept !== null && this.kept.isOpen && KEPT_CHANGES.has(what) && this.kept.fits(characters);
  }

  private attribute(key: string, json: string): void {
    this.kept?.change(this.places.position('attributes'), `{${label(key)}${json}}`, false);
  }

  /** The module, which has every change so far. */
  private native(): NativePlaces {
    const { native } = this.places;
    const held = this.known;
    if (held.what >= 0) {
      const { what, json } = held;
      held.what = -1;
      held.json = '';
      native.setJson(held.number, what, json, held.automatically);
    }
    return native;
  }
}

/** A number of no place. */
const UNKNOWN = 0xffff_ffff;

/** The number of a place; null where there is none. */
export function numberOf(handle: Handle | null): number | null {
  return handle === null ? null : (handle as NativeHandle).place;
}
