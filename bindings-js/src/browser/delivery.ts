// Drives the core's client: idle callbacks, timers, requests under way, the end of the page.

import type { Outgoing, Session } from 'spanwire-wasm';
import { describe } from '../errors.js';
import { notice, warn } from '../runtime.js';
import type { Clock } from './clock.js';
import type { Answer, Send } from './transport.js';

/** A page that is never idle sends nevertheless, after so many milliseconds. */
const IDLE_MS = 1000;
/** The longest that a timer can be set to. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Idle = (callback: () => void, options: { timeout: number }) => void;

export class Delivery {
  private isScheduled = false;
  private isClosed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly session: Session,
    private readonly clock: Clock,
    private readonly send: Send,
    private readonly sendToSpotlight: Send,
  ) {}

  /** A span has ended: it is read when the page has time. */
  wake(): void {
    if (this.isScheduled || this.isClosed || this.session.isInline) return;
    this.isScheduled = true;
    const run = () => {
      this.isScheduled = false;
      this.pump();
    };
    const idle = (globalThis as { requestIdleCallback?: Idle }).requestIdleCallback;
    if (idle) idle(run, { timeout: IDLE_MS });
    else unref(setTimeout(run, 0));
  }

  /** The page may be gone in a moment: everything that may leave leaves now. `isLast`: it may not come back. */
  leave(isLast: boolean): void {
    if (this.session.isInline || this.isClosed) return;
    this.session.takeOver(this.clock.now(), false);
    if (isLast) this.session.handleClose();
    this.session.handleFlush();
    this.pump();
  }

  async flush(timeoutMs?: number): Promise<boolean> {
    return this.session.isInline ? this.drain() : this.empty(timeoutMs, false);
  }

  /** What has ended leaves, as there is room for it. `isLast`: nothing will come after that. */
  private async empty(timeoutMs: number = this.session.shutdownTimeout, isLast: boolean): Promise<boolean> {
    const begin = performance.now();
    const [deadline, patience] = [begin + timeoutMs, begin + this.session.spotlightPatience];
    for (let isTaken = this.isClosed; ; ) {
      if (!isTaken) {
        isTaken = this.session.takeOver(this.clock.now(), true);
        if (isTaken && isLast) this.session.handleClose();
        this.session.handleFlush();
        this.pump();
      }
      const { isIdle, isSpotlightIdle } = this.session;
      const left = (isIdle ? Math.min(deadline, patience) : deadline) - performance.now();
      if (isIdle && (isSpotlightIdle || left <= 0)) return true;
      if (left <= 0) return false;
      await this.settled(left);
    }
  }

  async close(timeoutMs?: number): Promise<boolean> {
    const isGone = this.session.isInline ? await this.drain(true) : await this.empty(timeoutMs, true);
    this.isClosed = true;
    clearTimeout(this.timer);
    this.session.takeOver(this.clock.now(), false);
    this.session.close();
    return isGone;
  }

  /** Takes over what has ended, makes the requests that may be made, sets the timer for the rest. */
  private pump(): void {
    if (this.isClosed) return;
    try {
      this.session.takeOver(this.clock.now(), true);
      for (let next = this.next(); next !== undefined; next = this.next()) void this.deliver(next);
      this.say();
      this.arm();
    } catch (error) {
      notice(`sending failed: ${describe(error).message}`);
    }
  }

  private next(): Outgoing | undefined {
    return this.session.pollTransmit(this.clock.now());
  }

  private async deliver(outgoing: Outgoing): Promise<void> {
    const { id, url, isToSpotlight } = outgoing;
    const body = outgoing.takeBody();
    outgoing.free();
    try {
      const send = isToSpotlight ? this.sendToSpotlight : this.send;
      this.answered(id, await send(url, body));
    } catch (error) {
      this.failed(id, error);
    }
    this.pump();
    for (const settle of this.waiting) settle();
  }

  /** With the testing option: everything at once, each request once. */
  private async drain(isLast = false): Promise<boolean> {
    this.session.takeOver(this.clock.now(), false);
    if (isLast) this.session.handleClose();
    this.session.handleFlush();
    for (let next = this.next(); next !== undefined; next = this.next()) {
      const { id, url, isToSpotlight } = next;
      const body = next.takeBody();
      next.free();
      try {
        const answer = (isToSpotlight ? this.sendToSpotlight : this.send)(url, body);
        // No await without need: a step of a test stays one step.
        this.answered(id, answer instanceof Promise ? await answer : answer);
      } catch (error) {
        this.failed(id, error);
      }
    }
    this.say();
    return this.session.isIdle;
  }

  private answered(id: number, { status, headers }: Answer): void {
    this.session.handleResponse(this.clock.now(), id, status, headers);
  }

  private failed(id: number, error: unknown): void {
    const { type, message } = describe(error);
    this.session.handleFailure(this.clock.now(), id, message || type, Math.random());
  }

  private say(): void {
    const warning = this.session.pollWarning();
    if (warning !== undefined) warn(warning);
    for (let text = this.session.pollNotice(); text !== undefined; text = this.session.pollNotice()) notice(text);
  }

  private arm(): void {
    clearTimeout(this.timer);
    const deadline = this.session.pollTimeout();
    if (deadline === undefined) return;
    const wait = Math.min(Math.max(deadline - this.clock.now(), 1), LONGEST_TIMER_MS);
    this.timer = setTimeout(() => this.pump(), wait);
    unref(this.timer);
  }

  /** Until a request is answered, or so many milliseconds are over. */
  private settled(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.waiting.delete(settle);
        resolve();
      };
      const timer = setTimeout(settle, timeoutMs);
      this.waiting.add(settle);
    });
  }
}

/** A timer that waits for spans never keeps a process alive, where there is one. */
function unref(timer: unknown): void {
  const host = globalThis as { Deno?: { unrefTimer?: (timer: unknown) => void } };
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
  else host.Deno?.unrefTimer?.(timer);
}
