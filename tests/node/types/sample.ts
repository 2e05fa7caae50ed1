// What a user of the types may write, and what the compiler has to refuse.

import * as s from 'spanwire';
import OpenAI from 'openai';

s.init({ dsn: 'https://public@example.com/1', tracesSampleRate: 0.5, integrations: ['openai'], transport: async (bytes) => void bytes.length });
s.init({ transport: 'file:out.envelope' });
// @ts-expect-error an option that does not exist
s.init({ sampleRate: 1 });
// @ts-expect-error an option of a wrong type
s.init({ debug: 'yes' });
// @ts-expect-error neither http nor a file
s.init({ transport: 'pigeon' });

const text: string = s.chat('m', (span) => span.traceId);
const later: Promise<number> = s.invokeAgent('Ada', { model: 'm', messages: 'hi' }, async () => 1);
const span: s.Span = s.executeTool('t', { arguments: { a: 1 } });
span.setAttribute('a', 1).setUsage({ inputTokens: 1 }).end();
s.chat('m', { parent: span, maxTokens: 3 }).end(Date.now());
s.chat('m', { parent: null }).end(new Date());
// @ts-expect-error options are in camelCase
s.chat('m', { max_tokens: 3 });
// @ts-expect-error a count is a number
span.setUsage({ inputTokens: 'many' });
// @ts-expect-error nothing of the inside shows
span.handle;
// @ts-expect-error where to is missing
s.handoff('A');
// @ts-expect-error a parent is a span, a context or null
s.chat('m', { parent: 'x' });

{
  using used = s.startSpan({ name: 'x', op: 'y', attributes: { k: [1] } });
  used.setName('z');
}

const weather = s.tool({ description: 'd' }, (city: string, days = 1) => `${city} ${days}`);
const forecast: string = weather('Paris', 2);
// @ts-expect-error the wrapped function keeps its types
weather(7);
const bare: (question: string) => Promise<string> = s.agent(async (question: string) => question);
const curried: (n: number) => number = s.trace({ template: s.SPANTEMPLATE.AI_TOOL })((n: number) => n);

const client: OpenAI | undefined = s.instrument(new OpenAI({ apiKey: 'k' }));
const headers: Record<string, string> = s.traceHeaders();
const context: s.TraceContext = s.continueTrace(headers);
const inside: number = s.continueTrace(new Headers(headers), () => s.scope({ conversationId: 'c', user: { id: 1 } }, () => 7));
const gone: Promise<boolean> = s.flush(100);
const { lost }: s.Stats = s.stats();
const current: s.Span | undefined = s.currentSpan();
export { bare, client, context, curried, current, forecast, gone, inside, later, lost, text };
