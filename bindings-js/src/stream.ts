// Watching an iterator from outside: the same object, the same items, the same errors.

/** What happens while someone else iterates. */
export interface Watcher {
  /** Calls each step, so that the right span can be current. */
  step<T>(call: () => T): T;
  item(value: unknown): void;
  failed(error: unknown): void;
  /** Exactly once: at the end, an error, or when the consumer leaves early. */
  done(): void;
}

type Step = (...args: unknown[]) => unknown;
type AnyIterator = { next?: unknown; return?: unknown; throw?: unknown };

/** Replaces `next`, `return` and `throw` on that one iterator; gives it back. */
export function watch<T extends object>(iterator: T, watcher: Watcher): T {
  let isOpen = true;
  const finish = () => {
    if (isOpen) {
      isOpen = false;
      watcher.done();
    }
  };
  const settle = (result: unknown, leaves: boolean): unknown => {
    const { done, value } = (result ?? {}) as { done?: boolean; value?: unknown };
    if (done || leaves) finish();
    else if (isOpen) watcher.item(value);
    return result;
  };
  const fail = (error: unknown): never => {
    if (isOpen) watcher.failed(error);
    finish();
    throw error;
  };
  const wrap = (step: Step, leaves: boolean): Step =>
    function (this: unknown, ...args) {
      let result: unknown;
      try {
        result = watcher.step(() => step.apply(iterator, args));
      } catch (error) {
        return fail(error);
      }
      return isPromiseLike(result) ? result.then((value) => settle(value, leaves), fail) : settle(result, leaves);
    };
  for (const [name, leaves] of [['next', false], ['return', true], ['throw', false]] as const) {
    const step = (iterator as AnyIterator)[name];
    if (typeof step === 'function') {
      Object.defineProperty(iterator, name, { value: wrap(step as Step, leaves), configurable: true, writable: true });
    }
  }
  return iterator;
}

/** An iterable over the same items, of the same sort: sync, async or both. */
export function watchIterable<T>(source: T, watcher: Watcher): T {
  const methods: Record<symbol, unknown> = {};
  for (const symbol of [Symbol.asyncIterator, Symbol.iterator]) {
    const make = (source as Record<symbol, unknown>)?.[symbol];
    if (typeof make === 'function') methods[symbol] = () => watch(proxied(make.call(source)), watcher);
  }
  if (Reflect.ownKeys(methods).length === 0) return source;
  return new Proxy(source as object, {
    get(target, key) {
      if (key in methods) return methods[key as symbol];
      const value = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as T;
}

/** The user's iterator stays as it is: what is replaced is replaced on an object in front of it. */
function proxied(iterator: AnyIterator): object {
  const front: Record<string | symbol, unknown> = {};
  for (const name of ['next', 'return', 'throw'] as const) {
    const step = iterator[name];
    if (typeof step === 'function') front[name] = (...args: unknown[]) => (step as Step).apply(iterator, args);
  }
  front[Symbol.asyncIterator] = () => front;
  front[Symbol.iterator] = () => front;
  return front;
}

/** Whether something can be waited for; what does not say it, cannot. */
export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  try {
    return typeof (value as { then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}
