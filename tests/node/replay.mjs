// Replays one vector through the public API of a JavaScript package; Node and the browser share it.

const camelCase = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const camelCased = (object) => Object.fromEntries(Object.entries(object).map(([name, value]) => [camelCase(name), value]));

/** What JSON cannot say. */
function revive(_key, value) {
  if (value !== null && typeof value === 'object') {
    if ('$float' in value) return Number(value.$float);
    if ('$int' in value) return BigInt(value.$int);
  }
  return value;
}

/** The arguments of a call that makes a span, in their places. */
const SPANS = {
  invoke_agent: ({ agent_name, ...rest }) => [agent_name, camelCased(rest)],
  create_agent: ({ name, ...rest }) => [name, camelCased(rest)],
  ai_request: ({ operation, model, ...rest }) => [operation, model, camelCased(rest)],
  execute_tool: ({ name, ...rest }) => [name, camelCased(rest)],
  handoff: ({ from_agent, to_agent, ...rest }) => [from_agent, to_agent, camelCased(rest)],
  start_span: (args) => [camelCased(args)],
};
for (const call of ['chat', 'generate_content', 'text_completion', 'responses', 'embeddings', 'rerank']) {
  SPANS[call] = ({ model, ...rest }) => [model, camelCased(rest)];
}

/** The arguments of a span's methods, in their places. */
const METHODS = {
  set_attribute: ({ key, value }) => [key, value],
  set_data: ({ key, value }) => [key, value],
  set_attributes: ({ attributes }) => [attributes],
  set_name: ({ name }) => [name],
  set_status: ({ status, message }) => [status, message],
  set_input: ({ messages }) => [messages],
  set_output: ({ output }) => [output],
  set_result: ({ result }) => [result],
  set_usage: (usage) => [camelCased(usage)],
  record_request: ({ payload, format }) => [payload, format],
  record_response: ({ payload }) => [payload],
  record_chunk: ({ chunk }) => [chunk],
  record_exception: (thrown) => [error(thrown)],
  add_link: ({ to, attributes }, names) => [names.get(to), attributes],
  end: ({ timestamp }) => (timestamp === undefined ? [] : [timestamp * 1000]),
};

const SETTERS = { set_conversation_id: 'conversation_id', set_user: 'user', set_pipeline: 'pipeline' };

function error({ type, message }) {
  return Object.assign(new Error(message), { name: type });
}

/** The functions of a vector. */
function hooks({ traces_sampler: answers, before_send_span: changes } = {}) {
  return {
    ...(answers && {
      tracesSampler: ({ name, op }) => answers[[name, op, '*'].find((key) => key in answers)] ?? null,
    }),
    ...(changes && {
      beforeSendSpan(span) {
        const { drop = [], remove = [], set = {}, name = span.name } = changes;
        if (drop.includes(span.name)) return null;
        for (const key of remove) delete span.attributes[key];
        return { ...span, name, attributes: { ...span.attributes, ...set } };
      },
    }),
  };
}

/**
 * Gives what the transport was given, as texts, and the stats.
 * `collect(reference)` waits until the host has freed what nobody holds.
 */
export async function replay(api, text, collect) {
  const vector = JSON.parse(text, revive);
  const names = new Map();
  const envelopes = [];
  const transport = (bytes) => void envelopes.push(new TextDecoder().decode(bytes));
  await api.init({ ...camelCased(vector.options), ...hooks(vector.hooks), transport });

  const all = (steps = []) => steps.forEach((step) => {
    if (run(step) !== undefined) throw new Error('a step inside a block cannot be waited for');
  });
  const run = (step) => {
    if ('clock' in step) return api.testing.setClock(step.clock);
    const { call, args = {}, on, as, within, expect } = step;
    if (on !== undefined) return method(on, call, args);
    if (call === 'flush') return api.flush();
    if (call === 'trace_headers') {
      if (JSON.stringify(api.traceHeaders()) !== JSON.stringify(expect)) {
        throw new Error(`trace headers: ${JSON.stringify(api.traceHeaders())}, not ${JSON.stringify(expect)}`);
      }
      return undefined;
    }
    if (call === 'scope') return api.scope(camelCased(args), () => all(within));
    if (call === 'continue_trace') {
      const inside = within && [(context) => { if (as) names.set(as, context); all(within); }];
      const context = api.continueTrace(args.headers, ...(inside ?? []));
      if (!inside) names.set(as, context);
      return undefined;
    }
    if (call in SETTERS) return api[camelCase(call)](args[SETTERS[call]]);
    return span(step);
  };
  const method = (name, call, args) => {
    if (call === 'drop') {
      const reference = new WeakRef(names.get(name));
      names.delete(name);
      return collect(reference);
    }
    if (!(call in METHODS)) throw new Error(`unknown method ${call}`);
    names.get(name)[camelCase(call)](...METHODS[call](args, names));
    return undefined;
  };
  const span = (step) => {
    const { call, args = {}, as, within, throws } = step;
    if (!(call in SPANS)) throw new Error(`unknown call ${call}`);
    const given = SPANS[call](args);
    if ('parent' in step) given[given.length - 1].parent = step.parent === null ? null : names.get(step.parent);
    if (within === undefined) {
      names.set(as, api[camelCase(call)](...given));
      return;
    }
    const thrown = throws && error(throws);
    const block = (made) => {
      if (as) names.set(as, made);
      all(within);
      if (thrown) throw thrown;
    };
    try {
      api[camelCase(call)](...given, block);
    } catch (caught) {
      if (caught !== thrown) throw caught;
    }
  };

  const reset = () => { api.setConversationId(null); api.setUser(null); api.setPipeline(null); };
  for (const step of vector.steps) await run(step);
  await api.flush();
  const stats = api.stats();
  names.clear();
  reset();
  return { envelopes, stats, expected: vector.expected.map((lines) => `${lines.join('\n')}\n`), expectedStats: vector.stats };
}
