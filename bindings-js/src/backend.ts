// What the JavaScript face needs of the core, natively (napi) or as wasm; everything else is shared.

/** An open span, or a caller's place in another process. Calls on an ended span do nothing. */
export interface Handle {
  readonly traceId: string;
  readonly spanId: string;
  readonly isRecording: boolean;
  /** Neither it nor what hangs below it is recorded. */
  readonly isLeftOut: boolean;
  /** The headers that carry the place on; names and values in turn. */
  headers(withTraceparent: boolean): string[];
  text(key: string, value: string): void;
  number(key: string, value: number, isInteger: boolean): void;
  flag(key: string, value: boolean): void;
  /** A value as JSON text. */
  json(what: JsonChange, json: string, automatically: boolean): void;
  /** Throws where nobody reads the format. */
  request(json: string, format: string | null, automatically: boolean): void;
  name(name: string): void;
  status(word: string, message: string | null): void;
  exception(kind: string, message: string): void;
  link(to: Handle, attributes: string): void;
  end(milliseconds?: number | null): void;
  /** Ends it when nobody holds it any more; until then the caller sees to it. */
  watch?(): void;
}

/** What `Handle.json` may change. */
export type JsonChange =
  | 'attributes'
  | 'usage'
  | 'input'
  | 'system'
  | 'output'
  | 'arguments'
  | 'result'
  | 'response'
  | 'chunk';

/** What spans inherit; never changes. */
export interface ScopeHandle {
  with(changes: string): ScopeHandle;
}

/** `tracesSampler`: a question as JSON text, and a rate; never throws. */
export type Ask = (question: string) => number | null;

/** `beforeSendSpan`: a span as JSON text, and what it is to be, or null where it does not go; never throws. */
export type Filter = (span: string) => string | null;

/** One `init`. */
export interface Session {
  readonly isActive: boolean;
  readonly isDebug: boolean;
  readonly propagatesTraceparent: boolean;
  allows(integration: string): boolean;
  /** With `start_span` the subject is the op; the arguments are JSON text. */
  start(
    call: string,
    subject: string | null,
    name: string | null,
    integration: string | null,
    args: string | null,
    parent: Handle | null,
    scope: ScopeHandle | null,
    ask: Ask | null,
  ): Handle;
  flush(timeoutMs?: number): Promise<boolean>;
  close(timeoutMs?: number): Promise<boolean>;
  /** Items that were left out of a value, because it was too large to be written. */
  countLeftOut(items: number): void;
  /** JSON text. */
  stats(): string;
  setTestClock(seconds: number): void;
  notice(notice: string): void;
}

/** What exists before and beside every `init`. */
export interface Backend {
  continueTrace(headers: string[]): Handle | null;
  newScope(): ScopeHandle;
  /** Throws where there is no `operation`, or `format`, of that name. */
  checkName(sort: 'operation' | 'format', name: string): void;
  inspect(bytes: Uint8Array): string;
  /** Characters of a text that may be copied without a question. */
  readonly longText: number;
  /** What stands for a text that is binary data, by its beginning and its length; null where the text stays. */
  substituteBlob(beginning: string, length: number): string | null;
}

/** What is current: a place in a trace, and a scope. */
export interface Current {
  readonly place: Place | null;
  readonly scope: ScopeHandle | null;
}

/** Something that children can hang below: a span, or a trace context. */
export interface Place {
  /** @internal */
  readonly handle: Handle | null;
}

/** Where the host keeps what is current. */
export interface Context {
  get(): Current;
  /** Calls `callback` with something else current. */
  run<T>(current: Current, callback: () => T): T;
  /** Makes something else current from here on. */
  enter(current: Current): void;
}
