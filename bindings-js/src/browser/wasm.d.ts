// The glue that wasm-bindgen writes over `bindings-wasm/src`, as far as it is used here.

declare module 'spanwire-wasm' {
  export default function load(options?: { module_or_path: unknown }): Promise<unknown>;
  export function continueTrace(headers: string[]): Handle | undefined;
  export function checkName(sort: string, name: string): void;
  export function longText(): number;
  export function substituteBlob(beginning: string, length: number): string | undefined;
  export function inspectEnvelopes(bytes: Uint8Array): string;

  export class Handle {
    static nowhere(): Handle;
    readonly traceId: string;
    readonly spanId: string;
    readonly isRecording: boolean;
    headers(withTraceparent: boolean): string[];
    text(now: number, key: string, value: string): void;
    number(now: number, key: string, value: number, isInteger: boolean): void;
    flag(now: number, key: string, value: boolean): void;
    json(now: number, what: string, json: string, automatically: boolean): void;
    request(now: number, json: string, format: string | null, automatically: boolean): void;
    name(now: number, name: string): void;
    status(now: number, word: string, message: string | null): void;
    exception(now: number, kind: string, message: string): void;
    link(now: number, to: Handle, attributes: string): void;
    end(now: number, at: number | null): void;
  }

  export class ScopeHandle {
    constructor();
    with(changes: string): ScopeHandle;
  }

  export class Outgoing {
    readonly id: number;
    readonly url: string;
    takeBody(): Uint8Array;
    readonly isToSpotlight: boolean;
    free(): void;
  }

  export class Session {
    constructor(
      options: string,
      dsn: string[],
      runtimeName: string,
      runtimeVersion: string,
      beforeSendSpan: ((span: string) => string | null) | undefined,
    );
    readonly isActive: boolean;
    readonly isDebug: boolean;
    readonly propagatesTraceparent: boolean;
    readonly isInline: boolean;
    readonly isFile: boolean;
    readonly isIdle: boolean;
    readonly isSpotlightIdle: boolean;
    readonly spotlightPatience: number;
    readonly shutdownTimeout: number;
    readonly requestTimeout: number;
    allows(integration: string): boolean;
    start(
      now: number,
      random: Uint8Array,
      call: string,
      subject: string | null,
      name: string | null,
      integration: string | null,
      args: string | null,
      parent: Handle,
      scope: ScopeHandle,
      ask: ((question: string) => number | null) | null,
    ): Handle;
    takeOver(now: number, mayWait: boolean): boolean;
    handleClose(): void;
    handleFlush(): void;
    pollTransmit(now: number): Outgoing | undefined;
    handleResponse(now: number, id: number, status: number, headers: string[]): void;
    handleFailure(now: number, id: number, error: string, jitter: number): void;
    pollTimeout(): number | undefined;
    pollNotice(): string | undefined;
    pollWarning(): string | undefined;
    close(): void;
    countLeftOut(items: number): void;
    stats(): string;
    setTestClock(seconds: number): void;
  }
}
