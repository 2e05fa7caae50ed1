// The calls that make spans: one crossing into the core each.

import type { Handle, Session } from './backend.js';
import { argumentsJson, textOf } from './convert.js';
import type {
  AgentOptions,
  HandoffOptions,
  RequestOptions,
  SpanOptions,
  StartSpanOptions,
  ToolOptions,
} from './options.js';
import { describe } from './errors.js';
import { notice, runtime, safely } from './runtime.js';
import { NOOP, runIn, Span, TraceContext } from './span.js';

/** What a span's callback may be: it receives the span, which is current inside and ends with it. */
export type Callback<T> = (span: Span) => T;

/** What the core is told of a new span. */
export interface Start {
  call: string;
  subject?: string | null | undefined;
  name?: string | null | undefined;
  integration?: string;
  options?: object | null | undefined;
  /** Arguments beside the options, in camelCase. */
  more?: Record<string, unknown>;
  /** Options that are no arguments. */
  omit?: readonly string[];
}

/** Starts a span that ends when it is let go, if not before; never throws. */
export function begin(start: Start): Span {
  const span = beginBrief(start);
  safely(start.call, () => span.handle?.watch?.());
  return span;
}

/** Starts one for `runIn`, which sees to its end. */
function beginBrief(start: Start): Span {
  const session = runtime.active;
  if (session === null) return NOOP;
  try {
    if (runtime.onFirstSpan !== null) {
      const prepare = runtime.onFirstSpan;
      runtime.onFirstSpan = null;
      prepare();
    }
    return new Span(open(session, start));
  } catch (error) {
    notice(`${start.call} failed: ${describe(error).message}`);
    return NOOP;
  }
}

function open(session: Session, { call, subject, name, integration, options, more, omit }: Start): Handle {
  const { place, scope } = runtime.context.get();
  const parent = parentOf(options as SpanOptions | null | undefined, place?.handle ?? null);
  return session.start(
    call,
    subject == null ? null : textOf(subject),
    name == null ? null : textOf(name),
    integration ?? null,
    parent?.isLeftOut ? null : argumentsJson(options, more, omit),
    parent,
    scope,
    runtime.ask,
  );
}

/** Given, it is a span, a context, or null for a new trace; else what is current. */
function parentOf(options: SpanOptions | null | undefined, current: Handle | null): Handle | null {
  try {
    const parent = options?.parent;
    if (parent === undefined) return current;
    return parent instanceof Span || parent instanceof TraceContext ? parent.handle : null;
  } catch {
    return current;
  }
}

/** The span, or what the callback gives; options may be left out before a callback. */
function call<T, O extends object>(
  start: Start,
  options: O | Callback<T> | null | undefined,
  callback: Callback<T> | undefined,
): Span | T {
  const isShort = typeof options === 'function';
  if (!isShort) start.options = options;
  const run = isShort ? (options as Callback<T>) : callback;
  return typeof run === 'function' ? runIn(beginBrief(start), run) : begin(start);
}

/** A call whose first argument names what it is about: a model, an agent, a tool. */
interface Call<O> {
  (subject?: string | null, options?: O | null): Span;
  <T>(subject: string | null | undefined, callback: Callback<T>): T;
  <T>(subject: string | null | undefined, options: O | null | undefined, callback: Callback<T>): T;
}

function named<O extends object>(name: string): Call<O> {
  return (<T>(subject?: string | null, options?: O | Callback<T> | null, callback?: Callback<T>) =>
    call({ call: name, subject }, options, callback)) as Call<O>;
}

/** One run of an agent. */
export const invokeAgent: Call<AgentOptions> = named('invoke_agent');
/** An agent is made. */
export const createAgent: Call<AgentOptions> = named('create_agent');
/** One chat request to a model. */
export const chat: Call<RequestOptions> = named('chat');
export const generateContent: Call<RequestOptions> = named('generate_content');
export const textCompletion: Call<RequestOptions> = named('text_completion');
export const responses: Call<RequestOptions> = named('responses');
export const embeddings: Call<RequestOptions> = named('embeddings');
export const rerank: Call<RequestOptions> = named('rerank');
/** One run of a tool. */
export const executeTool: Call<ToolOptions> = named('execute_tool');

/**
 * One request to a model, the operation named: `chat`, `responses`, `text_completion`, `generate_content`,
 * `embeddings`, `rerank`.
 * @throws where there is no such operation
 */
export function aiRequest(operation: string, model?: string | null, options?: RequestOptions | null): Span;
export function aiRequest<T>(operation: string, model: string | null | undefined, callback: Callback<T>): T;
export function aiRequest<T>(
  operation: string,
  model: string | null | undefined,
  options: RequestOptions | null | undefined,
  callback: Callback<T>,
): T;
export function aiRequest<T>(
  operation: string,
  model?: string | null,
  options?: RequestOptions | Callback<T> | null,
  callback?: Callback<T>,
): Span | T {
  runtime.backend?.checkName('operation', String(operation));
  return call({ call: String(operation), subject: model }, options, callback);
}

/** An end before the start is the start. */
const AT_ONCE = 0;

/** Control passes on. Without a callback it is a mark that ends at once. */
export function handoff(fromAgent: string, toAgent: string, options?: HandoffOptions | null): Span;
export function handoff<T>(fromAgent: string, toAgent: string, callback: Callback<T>): T;
export function handoff<T>(
  fromAgent: string,
  toAgent: string,
  options: HandoffOptions | null | undefined,
  callback: Callback<T>,
): T;
export function handoff<T>(
  fromAgent: string,
  toAgent: string,
  options?: HandoffOptions | Callback<T> | null,
  callback?: Callback<T>,
): Span | T {
  const result = call({ call: 'handoff', subject: fromAgent, more: { toAgent } }, options, callback);
  if (typeof (callback ?? options) !== 'function') (result as Span).end(AT_ONCE);
  return result;
}

/** Anything else, and code written for other Sentry SDKs. */
export function startSpan(options: StartSpanOptions): Span;
export function startSpan<T>(options: StartSpanOptions, callback: Callback<T>): T;
export function startSpan<T>(options: StartSpanOptions, callback?: Callback<T>): Span | T {
  const read = (key: 'name' | 'op') => safely(key, () => options?.[key]);
  return call({ call: 'start_span', subject: read('op'), name: read('name'), omit: ['name', 'op'] }, options, callback);
}
