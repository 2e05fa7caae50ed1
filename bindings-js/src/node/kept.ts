// Spans that JavaScript keeps to itself until they have ended: many of them cross into the native module at once.
//
// A crossing costs more than everything else about a span. Only spans below a recorded one are kept, and none of an
// agent: nothing is decided at their start, and nobody else needs to know of them before their end.

import { randomFillSync } from 'node:crypto';
import { setImmediate } from 'node:timers';
import type { JsonChange, ScopeHandle } from '../backend.js';
import { SEPARATOR } from '../raw.js';
import { safely } from '../runtime.js';

/** What `bindings-node/src/kept.rs` exports. */
export interface NativeKept {
  mayKeep(call: string, subject: string | null): boolean;
  takeKept(
    begun: number,
    leftOut: number,
    now: number,
    scope: ScopeHandle | null,
    numbers: Float64Array,
    texts: string,
  ): void;
  openKept(now: number, scope: ScopeHandle | null, numbers: Float64Array, texts: string): number | null;
}

/** A place that the module knows by a number, as long as somebody holds this. */
export interface Base {
  readonly number: number;
}

/** Numbers of a span. */
const NUMBERS = 7;

/** Spans that cross at once, and characters after which they do: more would only wait. */
const MAX_SPANS = 128;
const MAX_CHARACTERS = 65_536;

/** Changes whose moment does not matter, so that they can wait for the end. */
export const KEPT_CHANGES: ReadonlySet<JsonChange> = new Set<JsonChange>([
  'attributes',
  'usage',
  'input',
  'system',
  'output',
  'arguments',
  'result',
]);

/** One span: what the module is told of it in the end. */
export class Kept {
  isOpen = true;
  touched: number;
  changes = 0;
  endTime = NaN;
  readonly idHigh: number;
  readonly idLow: number;

  constructor(
    readonly batch: Batch,
    readonly base: Base,
    readonly scope: ScopeHandle | null,
    /** Its names and arguments, and then its changes. */
    public texts: string,
    private readonly start: number,
  ) {
    this.touched = start;
    [this.idHigh, this.idLow] = drawId();
  }

  /** Whether there is room for that much more. */
  fits(characters: number): boolean {
    return this.texts.length + characters <= MAX_CHARACTERS;
  }

  /** `position` is that of the change's name. */
  change(position: number, json: string, automatically: boolean): void {
    this.touched = performance.now();
    this.texts += (position * 2 + (automatically ? 1 : 0)).toString(36) + json + SEPARATOR;
    this.changes += 1;
  }

  end(milliseconds: number): void {
    this.touched = performance.now();
    this.endTime = milliseconds;
    this.isOpen = false;
    this.batch.add(this);
  }

  writeNumbers(to: Float64Array, at: number): void {
    to[at] = this.base.number;
    to[at + 1] = this.idHigh;
    to[at + 2] = this.idLow;
    to[at + 3] = this.start;
    to[at + 4] = this.touched;
    to[at + 5] = this.endTime;
    to[at + 6] = this.changes;
  }

  /** 16 hex digits. */
  get spanId(): string {
    return hex(this.idHigh) + hex(this.idLow);
  }
}

/** The texts that a span begins with; null where they cannot be told apart. */
export function textsOf(
  call: string,
  subject: string | null,
  name: string | null,
  integration: string | null,
  args: string | null,
): string | null {
  // What is empty is none.
  if (isOdd(subject) || isOdd(name) || isOdd(integration)) return null;
  const names = `${call}${SEPARATOR}${subject ?? ''}${SEPARATOR}${name ?? ''}${SEPARATOR}${integration ?? ''}${SEPARATOR}`;
  return names + (args ?? '') + SEPARATOR;
}

function isOdd(text: string | null): boolean {
  return text !== null && (text === '' || text.includes(SEPARATOR));
}

/** What one session has of such spans. */
export class Batch {
  private readonly numbers = new Float64Array(MAX_SPANS * NUMBERS);
  private texts = '';
  private count = 0;
  private scope: ScopeHandle | null = null;
  private begun = 0;
  private leftOut = 0;
  private isDue = false;
  private readonly kinds = new Map<string, boolean>();

  constructor(
    private readonly native: NativeKept,
    /** Whether ended spans may wait for the next turn of the event loop: with a spool they are on disk before. */
    private isPatient: boolean,
  ) {}

  /** Nothing waits any more: the module is about to close. */
  close(): void {
    this.isPatient = false;
    this.drain();
  }

  /** Whether spans of that call may be kept. */
  takes(call: string, subject: string | null): boolean {
    // Only with `start_span` does the subject matter, which then is an op.
    const key = call === 'start_span' ? ` ${subject}` : call;
    const known = this.kinds.get(key);
    if (known !== undefined) return known;
    const may = this.native.mayKeep(call, subject);
    if (this.kinds.size < MAX_KINDS) this.kinds.set(key, may);
    return may;
  }

  begin(base: Base, scope: ScopeHandle | null, texts: string): Kept {
    this.begun += 1;
    return new Kept(this, base, scope, texts, performance.now());
  }

  /** A span below one that is not recorded: it is counted, and that is all. */
  leaveOut(): void {
    this.leftOut += 1;
    this.schedule();
  }

  add(kept: Kept): void {
    if (this.count > 0 && kept.scope !== this.scope) this.drain();
    this.scope = kept.scope;
    kept.writeNumbers(this.numbers, this.count * NUMBERS);
    this.texts += kept.texts;
    kept.texts = '';
    this.count += 1;
    if (!this.isPatient || this.count === MAX_SPANS || this.texts.length > MAX_CHARACTERS) this.drain();
    else this.schedule();
  }

  /** The number of a span that goes on in the module, which then knows of everything before it. */
  open(kept: Kept): number {
    this.drain();
    const numbers = new Float64Array(NUMBERS);
    kept.writeNumbers(numbers, 0);
    const number = this.native.openKept(performance.now(), kept.scope, numbers, kept.texts);
    kept.isOpen = false;
    kept.texts = '';
    return number ?? -1;
  }

  /** Hands over what there is. */
  drain(): void {
    const { begun, leftOut, scope, texts, count } = this;
    if (begun === 0 && leftOut === 0 && count === 0) return;
    this.begun = this.leftOut = this.count = 0;
    this.texts = '';
    this.scope = null;
    this.native.takeKept(begun, leftOut, performance.now(), scope, this.numbers.subarray(0, count * NUMBERS), texts);
  }

  private schedule(): void {
    if (this.isDue) return;
    this.isDue = true;
    // It keeps no process alive: its end hands over as well.
    setImmediate(() => {
      this.isDue = false;
      safely('handing spans over', () => this.drain());
    }).unref();
  }
}

/** Ops whose kind is remembered: a program may make them up without end. */
const MAX_KINDS = 1000;

/** Random bytes for the ids of many spans, four at a time. */
const POOL = new Uint32Array(1024);
let drawn = POOL.length;

/** The two halves of a new span's id. */
export function drawId(): [number, number] {
  if (drawn === POOL.length) refill();
  drawn += 2;
  return [POOL[drawn - 2] as number, POOL[drawn - 1] as number];
}

function refill(): void {
  randomFillSync(POOL);
  drawn = 0;
  // An id of nothing but zeros is invalid everywhere.
  for (let at = 0; at < POOL.length; at += 2) if (POOL[at] === 0 && POOL[at + 1] === 0) POOL[at + 1] = 1;
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}
