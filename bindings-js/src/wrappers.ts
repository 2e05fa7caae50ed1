// Functions that become spans: `agent`, `tool`, `trace`. What they return, throw and are called on stays.

import { begin, type Start } from './calls.js';
import type { Attributes, SpanOptions } from './options.js';
import { runtime, safely } from './runtime.js';
import { gather, gatherRequest, hold, release, runIn, type Span, within } from './span.js';
import { isPromiseLike, watch } from './stream.js';

/** What a `trace` is about, as the decorator of the Sentry SDK has it. */
export const SPANTEMPLATE = Object.freeze({
  DEFAULT: 'default',
  AI_AGENT: 'ai_agent',
  AI_TOOL: 'ai_tool',
  AI_CHAT: 'ai_chat',
} as const);

export type SpanTemplate = (typeof SPANTEMPLATE)[keyof typeof SPANTEMPLATE];

/** Options of `agent` and `tool`. */
export interface WrapOptions extends SpanOptions {
  /** Instead of the function's own name. */
  name?: string;
  description?: string;
}

/** Options of `trace`. */
export interface TraceOptions extends SpanOptions {
  name?: string;
  op?: string;
  template?: SpanTemplate;
}

type AnyFunction = (this: any, ...args: any[]) => any;

/** Bare: `tool(fn)`; with options: `tool({ name }, fn)` or `tool({ name })(fn)`. */
interface Wrapper<O> {
  <F extends AnyFunction>(fn: F): F;
  <F extends AnyFunction>(options: O, fn: F): F;
  (options?: O): <F extends AnyFunction>(fn: F) => F;
}

/** How one sort of wrapper begins its span, and what it takes from arguments and result. */
interface Sort {
  start(fn: AnyFunction, args: unknown[]): Start;
  input?(span: Span, args: unknown[]): void;
  output?(span: Span, result: unknown): void;
}

/** One run of an agent: input and output are messages. */
export const agent: Wrapper<WrapOptions> = wrapper((options: WrapOptions) => agentSort(options));

/** One run of a tool. */
export const tool: Wrapper<WrapOptions> = wrapper((options: WrapOptions) => toolSort(options));

/** Any function; with `template` one of the above. */
export const trace: Wrapper<TraceOptions> = wrapper((options: TraceOptions) => {
  const { template, op, ...rest } = options;
  switch (template) {
    case SPANTEMPLATE.AI_AGENT:
      return agentSort(rest);
    case SPANTEMPLATE.AI_TOOL:
      return toolSort(rest);
    case SPANTEMPLATE.AI_CHAT:
      return chatSort(rest);
    default:
      return { start: (fn) => ({ call: 'start_span', subject: op ?? 'function', name: nameOf(fn, rest), options: plainOptions(rest) }) };
  }
});

function agentSort(options: WrapOptions): Sort {
  return {
    start: (fn) => ({ call: 'invoke_agent', subject: nameOf(fn, options), options: plainOptions(options) }),
    input: (span, args) => gather(span, 'input', isMessages(args[0]) ? args[0] : only(args)),
    output: (span, result) => gather(span, 'output', result),
  };
}

function toolSort(options: WrapOptions): Sort {
  return {
    start: (fn) => ({ call: 'execute_tool', subject: nameOf(fn, options), options: plainOptions(options) }),
    input: (span, args) => gather(span, 'arguments', only(args)),
    output: (span, result) => gather(span, 'result', result),
  };
}

function chatSort(options: WrapOptions): Sort {
  return {
    start: (_fn, args) => {
      const given = (isObject(args[0]) ? args[0] : {}) as { model?: unknown };
      const model = typeof given.model === 'string' ? given.model : null;
      return { call: 'chat', subject: model, name: options.name, options: plainOptions(options) };
    },
    input: (span, args) => {
      const given = args[0];
      if (isObject(given) && 'messages' in given) gatherRequest(span, given, null);
      else gather(span, 'input', isMessages(given) ? given : only(args));
    },
    output: (span, result) => gather(span, isObject(result) && 'choices' in result ? 'response' : 'output', result),
  };
}

function wrapper<O extends object>(sortOf: (options: O) => Sort): Wrapper<O> {
  const wrapped = (options: O | null | undefined, fn: AnyFunction) => {
    if (typeof fn !== 'function') throw new TypeError('the function to wrap is missing');
    return around(fn, sortOf((options ?? {}) as O));
  };
  return ((first?: O | AnyFunction, second?: AnyFunction) => {
    if (typeof first === 'function') return wrapped(null, first as AnyFunction);
    if (second !== undefined) return wrapped(first, second);
    return (fn: AnyFunction) => wrapped(first, fn);
  }) as Wrapper<O>;
}

/** The function with a span around each call; name, length and properties stay. */
function around(fn: AnyFunction, sort: Sort): AnyFunction {
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    if (runtime.active === null) return fn.apply(this, args);
    const start = safely('wrapper', () => sort.start(fn, args));
    if (start === undefined) return fn.apply(this, args);
    const span = begin(start);
    safely('wrapper', () => sort.input?.(span, args));
    return runIn(span, () => observed(span, sort, fn.apply(this, args)));
  };
  for (const key of Reflect.ownKeys(fn)) {
    if (key === 'prototype' || key === 'arguments' || key === 'caller') continue;
    safely('wrapper', () => Object.defineProperty(wrapped, key, Object.getOwnPropertyDescriptor(fn, key) ?? {}));
  }
  return wrapped;
}

/** Looks at a result on its way back. */
function observed(span: Span, sort: Sort, result: unknown): unknown {
  if (isGenerator(result)) return generated(span, result);
  const look = (value: unknown) => {
    if (value !== undefined) safely('wrapper', () => sort.output?.(span, value));
    return value;
  };
  return isPromiseLike(result) ? result.then(look) : look(result);
}

/** A generator's span lasts until it is done; its body runs with the span current. */
function generated(span: Span, generator: object): object {
  hold(span);
  return watch(generator, {
    step: (call) => within(span, call),
    item: () => {},
    failed: (error) => void span.recordException(error),
    done: () => release(span),
  });
}

function isGenerator(value: unknown): value is object {
  const tag = safely('wrapper', () => Object.prototype.toString.call(value)) ?? '';
  return tag === '[object Generator]' || tag === '[object AsyncGenerator]';
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}

/** A text, or a list of what looks like messages. */
function isMessages(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((item) => isObject(item) && 'role' in item));
}

/** One argument is itself, several are a list. */
function only(args: unknown[]): unknown {
  return args.length === 1 ? args[0] : args;
}

function nameOf(fn: AnyFunction, options: { name?: string }): string {
  return options.name ?? (fn.name || 'anonymous');
}

/** What the call itself takes: not the name, which is its subject. */
function plainOptions(options: SpanOptions & { name?: string; description?: string; attributes?: Attributes }): object {
  const { name: _, ...rest } = options;
  return rest;
}
