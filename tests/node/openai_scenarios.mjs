// What a user does with the real `openai` client, for Node and the browser: each gives what the user saw.

const user = (content) => ({ role: 'user', content });
const WEATHER = { type: 'function', function: { name: 'get_weather', description: 'd', parameters: { type: 'object', properties: { city: { type: 'string' } } } } };
const streamed = { stream: true, stream_options: { include_usage: true } };

const failure = async (call) => {
  try {
    await call();
  } catch (error) {
    return { name: error.constructor.name, status: error.status ?? null };
  }
  throw new Error('it did not fail');
};

const text = async (stream) => {
  let text = '';
  for await (const chunk of stream) text += chunk.choices?.[0]?.delta?.content ?? '';
  return text;
};

/** Each takes a client's `chat.completions`; `model` names the span. */
export const SCENARIOS = {
  plain: async (chat) => (await chat.create({ model: 'gpt-4o-mini', messages: [user('hi')], temperature: 0.5 })).choices[0].message.content,
  tools: async (chat) => (await chat.create({ model: 'gpt-4o', messages: [user('weather?')], tools: [WEATHER] })).choices[0].message.tool_calls[0].function.name,
  stream: async (chat) => text(await chat.create({ model: 'stream-plain', messages: [user('hi')], stream: true })),
  stream_usage: async (chat) => text(await chat.create({ model: 'stream-usage', messages: [user('hi')], ...streamed })),
  left_early: async (chat) => {
    for await (const chunk of await chat.create({ model: 'stream-left', messages: [user('hi')], ...streamed })) return chunk.object;
    return '';
  },
  // Slow, so that the answer is still on its way: after its end the library itself would wait forever.
  aborted: async (chat) => {
    const stream = await chat.create({ model: 'fault-slow', messages: [user('hi')], ...streamed });
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    stream.controller.abort();
    let left = 0;
    while (!(await iterator.next()).done) left += 1;
    return left >= 0;
  },
  tee: async (chat) => {
    const [left, right] = (await chat.create({ model: 'stream-tee', messages: [user('hi')], ...streamed })).tee();
    return (await text(left)) === (await text(right));
  },
  readable: async (chat) => {
    const stream = await chat.create({ model: 'stream-readable', messages: [user('hi')], ...streamed });
    const reader = stream.toReadableStream().getReader();
    let bytes = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.length;
    return bytes > 0;
  },
  helper: async (chat) => (await chat.stream({ model: 'stream-helper', messages: [user('hi')] }).finalChatCompletion()).choices[0].message.content,
  parsed: async (chat) => (await chat.parse({ model: 'parsed', messages: [user('hi')] })).choices[0].message.content,
  run_tools: async (chat) => chat.runTools({
    model: 'run-tools', messages: [user('weather?')],
    tools: [{ ...WEATHER, function: { ...WEATHER.function, function: () => 'rain', parse: JSON.parse } }],
  }).finalContent(),
  raw: async (chat) => (await chat.create({ model: 'raw', messages: [user('hi')] }).asResponse()).status,
  with_response: async (chat) => {
    const { data, response } = await chat.create({ model: 'with-response', messages: [user('hi')] }).withResponse();
    return [data.object, response.status];
  },
  cut: async (chat) => failure(() => chat.create({ model: 'fault-cut', messages: [user('a')] })),
  stream_cut: async (chat) => failure(async () => text(await chat.create({ model: 'fault-cut', messages: [user('b')], ...streamed }))),
  stream_error: async (chat) => failure(async () => text(await chat.create({ model: 'fault-stream-error', messages: [user('b')], ...streamed }))),
  again: async (chat) => (await chat.create({ model: 'fault-429-once', messages: [user('hi')] })).choices[0].message.role,
  server: async (chat) => failure(() => chat.create({ model: 'fault-500', messages: [user('hi')] })),
  refused: async (chat) => failure(() => chat.create({ model: 'fault-400', messages: [user('hi')] })),
  nonsense: async (chat) => JSON.stringify(await chat.create({ model: 'fault-nonsense', messages: [user('hi')] })).length,
  null_choices: async (chat) => (await chat.create({ model: 'fault-null-choices', messages: [user('hi')] })).choices,
};

/** What the spans of the scenarios have to say: name, status, and some attributes. */
export const EXPECTED = {
  plain: ['chat gpt-4o-mini', 'ok', { 'gen_ai.request.temperature': 0.5, 'gen_ai.response.model': 'gpt-4o-mini-2024-07-18', 'gen_ai.usage.total_tokens': 185 }],
  tools: ['chat gpt-4o', 'ok', { 'gen_ai.response.finish_reasons': 'tool_calls' }],
  stream: ['chat stream-plain', 'ok', { 'gen_ai.response.streaming': true, 'gen_ai.usage.total_tokens': undefined, 'gen_ai.response.finish_reasons': 'stop' }],
  stream_usage: ['chat stream-usage', 'ok', { 'gen_ai.response.streaming': true, 'gen_ai.usage.total_tokens': 185 }],
  left_early: ['chat stream-left', 'ok', { 'gen_ai.response.streaming': true }],
  aborted: ['chat fault-slow', 'ok', { 'gen_ai.response.streaming': true }],
  tee: ['chat stream-tee', 'ok', { 'gen_ai.usage.total_tokens': 185 }],
  readable: ['chat stream-readable', 'ok', { 'gen_ai.usage.total_tokens': 185 }],
  helper: ['chat stream-helper', 'ok', { 'gen_ai.response.streaming': true }],
  parsed: ['chat parsed', 'ok', { 'gen_ai.usage.total_tokens': 185 }],
  run_tools: ['chat run-tools', 'ok', { 'gen_ai.response.finish_reasons': 'tool_calls' }],
  raw: ['chat raw', 'ok', {}],
  with_response: ['chat with-response', 'ok', { 'gen_ai.usage.total_tokens': 185 }],
  cut: ['chat fault-cut', 'error', {}],
  stream_cut: ['chat fault-cut', 'error', { 'gen_ai.response.streaming': true }],
  stream_error: ['chat fault-stream-error', 'error', { 'error.type': 'APIError' }],
  again: ['chat fault-429-once', 'ok', { 'http.response.status_code': undefined }],
  server: ['chat fault-500', 'error', { 'error.type': 'InternalServerError', 'http.response.status_code': 500 }],
  refused: ['chat fault-400', 'error', { 'error.type': 'BadRequestError', 'http.response.status_code': 400 }],
  nonsense: ['chat fault-nonsense', 'ok', {}],
  null_choices: ['chat fault-null-choices', 'ok', {}],
};
