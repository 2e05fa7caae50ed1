// The time of day in milliseconds, fine-grained, that never runs backwards inside a trace.

/** By how much the wall clock may leave ours before a new trace takes it over (it was set, or the machine slept). */
const TOLERANCE_MS = 100;

export class Clock {
  private origin = performance.timeOrigin;

  now(): number {
    return this.origin + performance.now();
  }

  /** Now, after looking at the wall clock: for the beginning of a trace. */
  synchronised(): number {
    const wall = Date.now();
    if (Math.abs(wall - this.now()) > TOLERANCE_MS) this.origin = wall - performance.now();
    return this.now();
  }
}
