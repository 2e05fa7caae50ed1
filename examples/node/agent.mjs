// The demo agent: a weather agent calls a tool and hands off to a travel agent; both ask the real `openai`.
// Environment: SENTRY_DSN (or SPANWIRE_FILE), OPENAI_BASE_URL, OPENAI_API_KEY.
import * as spanwire from "spanwire";
import OpenAI from "openai";

const MODEL = "gpt-4o-mini";
const WEATHER_TOOLS = [
  {
    type: "function",
    function: {
      name: "get_weather",
      description: "The weather in a city",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
  {
    type: "function",
    function: {
      name: "transfer_to_travel_agent",
      description: "Hand the conversation to the travel agent",
      parameters: { type: "object", properties: {} },
    },
  },
];

const getWeather = spanwire.tool({ name: "get_weather" }, (city) => ({ city, sky: "rain", celsius: 14 }));

const findHotel = spanwire.tool({ name: "find_hotel" }, (city) => {
  throw new RangeError(`no free hotel in ${city}`);
});

/** Answers about the weather; true when the travel agent should go on. */
function weatherAgent(client, question) {
  const about = { model: MODEL, provider: "openai", messages: question };
  return spanwire.invokeAgent("Weather Agent", about, async (agent) => {
    const messages = [
      { role: "system", content: "You know the weather." },
      { role: "user", content: question },
    ];
    for (let turn = 0; turn < 3; turn += 1) {
      const completion = await client.chat.completions.create({ model: MODEL, messages, tools: WEATHER_TOOLS });
      const answer = completion.choices[0].message;
      if (!answer.tool_calls) {
        agent.setOutput(answer.content);
        return false;
      }
      const call = answer.tool_calls[0];
      if (call.function.name === "transfer_to_travel_agent") {
        spanwire.handoff("Weather Agent", "Travel Agent");
        return true;
      }
      const result = getWeather(JSON.parse(call.function.arguments).city);
      messages.push(answer, { role: "tool", tool_call_id: call.id, content: JSON.stringify(result) });
    }
    return false;
  });
}

/** Suggests a trip, streamed. */
function travelAgent(client, question) {
  const about = { model: MODEL, provider: "openai", messages: question };
  return spanwire.invokeAgent("Travel Agent", about, async (agent) => {
    try {
      findHotel("Paris");
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    const stream = await client.chat.completions.create({
      model: MODEL,
      messages: [
        { role: "system", content: "You plan travel." },
        { role: "user", content: question },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    agent.setOutput(text);
    return text;
  });
}

spanwire.init({ sendDefaultPii: true, release: "demo@1.0.0", environment: "demo" });
const client = spanwire.instrument(new OpenAI());
const question = "What is the weather in Paris, and should I go?";
const scope = { conversationId: "demo-conversation", user: { id: "demo" }, pipeline: "demo" };
await spanwire.scope(scope, () =>
  spanwire.startSpan({ name: "answer a question", op: "function" }, async () => {
    if (await weatherAgent(client, question)) console.log(await travelAgent(client, question));
  }),
);
if (!(await spanwire.flush(10_000))) {
  throw new Error(`not everything was sent: ${JSON.stringify(spanwire.stats())}`);
}
