// The options of `init` and of the calls that make spans.

import type { Span, TraceContext } from './span.js';

/** Attribute values: structures become strings of JSON, null and undefined are left out. */
export type Attributes = Record<string, unknown>;

/** Everything `init` takes, on every host. */
export interface InitOptions {
  dsn?: string;
  release?: string;
  environment?: string;
  serverName?: string;
  /** Share of new traces that are recorded, 0 to 1. */
  tracesSampleRate?: number;
  /** Asked for that share where a trace, or this service's part of one, begins; true is 1, false is 0. */
  tracesSampler?: (context: SamplingContext) => number | boolean;
  /** Sees spans before they leave: gives the span back, changed or not, or null to drop it. */
  beforeSendSpan?: (span: SpanMapping) => SpanMapping | null;
  /** Whether outgoing headers have a W3C `traceparent` as well. */
  propagateTraceparent?: boolean;
  sendDefaultPii?: boolean;
  /** Whether input that was gathered automatically is kept; follows `sendDefaultPii`. */
  recordInputs?: boolean;
  /** Whether output that was gathered automatically is kept; follows `sendDefaultPii`. */
  recordOutputs?: boolean;
  /** Which messages of a captured request are kept; those that are set by hand are kept all. */
  inputMessages?: 'since_last_response' | 'all';
  /** Bytes of all texts of one span at most, 1024 to 524288; 262144 where it is not given. */
  maxContentBytes?: number;
  maxWaitingBytes?: number;
  /** Which names spans are sent under: current ones, deprecated ones where there are any, or both. */
  conventions?: 'current' | 'legacy' | 'both';
  /** Whether each span leaves when it has ended, or all of them with their segment, as a transaction. */
  traceLifecycle?: 'stream' | 'static';
  /** HTTP to the DSN, a file, or a function that takes an envelope's bytes. */
  transport?: 'http' | `file:${string}` | ((envelope: Uint8Array) => unknown);
  /** URL of a proxy, for https as well where that has none of its own; empty for none. Not in browsers. */
  httpProxy?: string;
  /** URL of the proxy for https; empty for none of its own. Not in browsers. */
  httpsProxy?: string;
  /** A file of certificates (PEM) that are believed beside the public ones. Not in browsers. */
  caCerts?: string;
  /** The folder that envelopes wait in until they are answered. Not in browsers. */
  spoolDir?: string;
  spotlight?: boolean | string;
  /** Other SDKs in the process: there is no bridge to them in JavaScript yet. */
  bridge?: 'auto' | 'none';
  sendClientReports?: boolean;
  integrations?: 'auto' | string[];
  disabledIntegrations?: string[];
  /** What is kept of what single integrations gather, by their names. */
  integrationOptions?: Record<string, { recordInputs?: boolean; recordOutputs?: boolean }>;
  debug?: boolean;
  testing?: TestingOptions;
}

/** What `tracesSampler` sees of a span that is about to begin. */
export interface SamplingContext {
  name: string;
  op: string;
  /** What the caller decided; null where there is no caller, or it did not decide. */
  parentSampled: boolean | null;
  attributes: Record<string, unknown>;
}

/** A span as `beforeSendSpan` sees it; name, status and attributes may be changed. Times in seconds. */
export interface SpanMapping {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string | null;
  name: string;
  readonly op: string;
  readonly origin: string;
  status: 'ok' | 'error';
  readonly start_timestamp: number;
  readonly end_timestamp: number;
  attributes: Record<string, unknown>;
}

/** Stands in for clock, randomness and platform; everything then happens on `flush`. */
export interface TestingOptions {
  /** Seconds since the epoch. */
  clock: number;
  /** Hex bytes. */
  random: string;
  platform?: Record<string, string>;
}

/** What every call that makes a span takes. */
export interface SpanOptions {
  attributes?: Attributes;
  /** Whether input that is gathered automatically is kept, for this span alone. */
  recordInputs?: boolean;
  /** Whether output that is gathered automatically is kept, for this span alone. */
  recordOutputs?: boolean;
  /** A span, a trace context, or null for a new trace; what is current where it is not given. */
  parent?: Span | TraceContext | null;
}

/** Messages: a text, a message, or a list of them, in any vendor's shape. */
export type Messages = string | object | readonly unknown[];

/** One run of an agent. */
export interface AgentOptions extends SpanOptions {
  model?: string;
  provider?: string;
  messages?: Messages;
  systemInstructions?: Messages;
  tools?: readonly unknown[];
  pipeline?: string;
  conversationId?: string;
  temperature?: number;
  maxTokens?: number;
  topP?: number;
  topK?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  seed?: number | string;
  stopSequences?: readonly string[];
  reasoningLevel?: string;
  description?: string;
}

/** One request to a model. */
export interface RequestOptions extends AgentOptions {
  agentName?: string;
  input?: unknown;
}

/** One run of a tool. */
export interface ToolOptions extends SpanOptions {
  arguments?: unknown;
  description?: string;
  agentName?: string;
  pipeline?: string;
  conversationId?: string;
}

/** Control passes on. */
export interface HandoffOptions extends SpanOptions {
  pipeline?: string;
  conversationId?: string;
}

/** Anything else. */
export interface StartSpanOptions extends SpanOptions {
  name?: string;
  op?: string;
}

/** Token counts. */
export interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  totalTokens?: number;
  cacheReadInputTokens?: number;
  cacheCreationInputTokens?: number;
  reasoningOutputTokens?: number;
}

/** What spans of a block inherit. */
export interface ScopeOptions {
  conversationId?: string | null;
  user?: User | string | number | null;
  pipeline?: string | null;
  attributes?: Attributes;
}

/** A user as Sentry names one. */
export interface User {
  id?: string | number;
  email?: string;
  username?: string;
  ip_address?: string;
}

/** The counts at one moment, in spans. */
export interface Stats {
  started: number;
  sent: number;
  waiting: number;
  spooled: number;
  lost: Record<string, number>;
  /** What went of the content of spans that had more than a span may hold. */
  removed: { messages: number; characters: number };
}
