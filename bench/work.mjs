// The work by hand in JavaScript: one agent with nine requests, each with ten attributes and two message lists.

export const REQUESTS = 9;

export const QUESTION = 'What should I wear in Paris today? I will be walking along the river for most of the day. '.repeat(2);
export const ANSWER = 'Take an umbrella and a warm coat: rain is likely in the afternoon, and it will be windy. '.repeat(3);
export const ATTRIBUTES = { 'app.retries': 2, 'app.share': 0.25, 'app.cached': true, 'app.team': 'weather' };
for (let number = 0; number < 6; number++) ATTRIBUTES[`app.key${number}`] = `value ${number}`;

const INPUT = [{ role: 'user', content: QUESTION }];

/** A run of the agent, and one of its requests, through Spanwire. */
export function throughSpanwire(spanwire) {
  const options = { provider: 'openai', messages: INPUT, attributes: ATTRIBUTES };
  const request = (parent) =>
    spanwire.chat('gpt-4o-mini', parent ? { ...options, parent } : options, (span) => span.setOutput(ANSWER));
  const agent = (inside) => spanwire.invokeAgent('Weather Agent', { model: 'gpt-4o-mini' }, inside);
  return { agent, request };
}

/** The same through one of Sentry's own SDKs, whose attributes hold texts: lists are written by the program. */
export function throughSentry(sentry) {
  const about = { 'gen_ai.agent.name': 'Weather Agent', 'gen_ai.operation.name': 'invoke_agent' };
  const request = (parent) => {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'gpt-4o-mini',
      'gen_ai.provider.name': 'openai',
      'gen_ai.input.messages': JSON.stringify(INPUT),
      ...ATTRIBUTES,
    };
    const options = { op: 'gen_ai.chat', name: 'chat gpt-4o-mini', attributes };
    if (parent) options.parentSpan = parent;
    sentry.startSpan(options, (span) => {
      span.setAttribute('gen_ai.output.messages', JSON.stringify([{ role: 'assistant', content: ANSWER }]));
    });
  };
  const agent = (inside) =>
    sentry.startSpan({ op: 'gen_ai.invoke_agent', name: 'invoke_agent Weather Agent', attributes: about }, inside);
  return { agent, request };
}

/** A run with all of its requests, one right after the other. */
export function run({ agent, request }) {
  agent(() => {
    for (let count = 0; count < REQUESTS; count++) request();
  });
}
