// Judges written by others: the conventions' names, types and ops, and the envelope reader of @sentry/core.
// They judge every vector and, where SPANWIRE_ENVELOPES names a folder of envelope files, what a receiver got.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { ATTRIBUTE_METADATA } from "@sentry/conventions/attributes";
import * as ops from "@sentry/conventions/op";
import { parseEnvelope } from "@sentry/core";

const root = new URL("../../", import.meta.url);
const vectors = new URL("tests/vectors/", root);

/** Vectors that set values of wrong types on purpose, to show that they are kept, and how many they keep. */
const WRONG_ON_PURPOSE = { numbers_digits: 2, wrong_types: 2, wrong_types_usage: 4, wrong_types_integers: 9, wrong_types_doubles: 6, wrong_types_texts_and_lists: 2 };
/** Deprecated keys that a vector sets on purpose: nothing replaces them, or what is set there makes no sense. */
const DEPRECATED_ON_PURPOSE = {
  conventions_deprecated_without_replacement: ["gen_ai.request.schema", "gen_ai.response.object", "gen_ai.tool.type"],
  conventions_mcp: ["mcp.tool.result.content_count"],
  conventions_response_text: ["gen_ai.response.tool_calls"],
  conventions_both_own: ["gen_ai.tool.type"],
  conventions_legacy_own: ["gen_ai.tool.type"],
};
/** Current keys that stand beside their deprecated names although only those were asked for: see the vector. */
const BESIDE_ON_PURPOSE = { conventions_legacy_reasoning: ["gen_ai.output.messages"] };
/** The conventions' types as span v2 writes them. */
const WIRE_TYPES = { "string[]": "array" };

/** The envelopes of a file that holds one after the other: an item's header has a type, an envelope's has none. */
function split(file) {
  const found = [];
  for (let rest = file; rest.length > 0; ) {
    const line = rest.subarray(0, rest.indexOf(10) + 1);
    const { type, length } = JSON.parse(line.toString());
    const end = line.length + (type === undefined ? 0 : length + 1);
    if (type === undefined) found.push("");
    found[found.length - 1] += rest.subarray(0, end).toString();
    rest = rest.subarray(end);
  }
  return found;
}

const folder = process.env.SPANWIRE_ENVELOPES;
const received = (folder ? readdirSync(folder) : [])
  .filter((name) => name.endsWith(".envelopes"))
  .flatMap((name) => split(readFileSync(join(folder, name))).map((text) => ({ name, text })));

const written = readdirSync(fileURLToPath(vectors))
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => {
    const { options, expected } = JSON.parse(readFileSync(new URL(name, vectors), "utf8"));
    const { conventions } = options;
    return expected.map((lines) => ({ name: name.replace(".json", ""), conventions, text: `${lines.join("\n")}\n` }));
  });
const envelopes = [...written, ...received];

/** An item with a length is handed over as bytes. */
const read = (payload) => (payload instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(payload)) : payload);

/** The type of a plain value, as span v2 would say it; a double without a fraction takes the type that is wanted. */
function typed(key, value) {
  if (Array.isArray(value)) return "array";
  if (typeof value !== "number") return typeof value;
  return Number.isInteger(value) && ATTRIBUTE_METADATA[key]?.type !== "double" ? "integer" : "double";
}

/** The segment and the spans of a transaction, with attributes as span v2 has them. */
const partsOf = ({ contexts, spans }) =>
  [contexts.trace, ...spans].map(({ op, data }) => {
    const entries = Object.entries({ ...data, "sentry.op": op });
    return { attributes: Object.fromEntries(entries.map(([key, value]) => [key, { type: typed(key, value), value }])) };
  });

const spans = envelopes.flatMap(({ name, conventions = "current", text }) =>
  parseEnvelope(text)[1].flatMap(([header, payload]) => {
    if (header.type === "transaction") return partsOf(read(payload)).map((span) => ({ name, conventions, span }));
    return header.type === "span" ? read(payload).items.map((span) => ({ name, conventions, span })) : [];
  }),
);

/** Names of the conventions in which `<key>` stands for anything. */
const patterns = Object.entries(ATTRIBUTE_METADATA)
  .filter(([key]) => key.includes("<key>"))
  .map(([key, known]) => [key.split("<key>"), known]);

/** What the conventions say of a key. */
const knownAs = (key) =>
  ATTRIBUTE_METADATA[key] ??
  patterns.find(([[before, after]]) => key.length > before.length + after.length && key.startsWith(before) && key.endsWith(after))?.[1];

test("there is something to judge", () => {
  if (folder) assert.ok(received.length >= 3, `${received.length} envelopes were received`);
  assert.ok(written.length >= 50 && spans.length >= 60, `${envelopes.length} envelopes, ${spans.length} spans`);
});

test("@sentry/core reads every envelope", () => {
  for (const { name, text } of envelopes) {
    const [header, items] = parseEnvelope(text);
    assert.ok(header.sdk.name && header.sent_at && header.trace.public_key, name);
    assert.ok(items.length >= 1, name);
    for (const [itemHeader, payload] of items) {
      const body = read(payload);
      assert.equal(typeof body, "object", name);
      if (itemHeader.type === "span") assert.equal(body.items.length, itemHeader.item_count, name);
    }
  }
});

test("names and types are those of the conventions", () => {
  const findings = [];
  const wrong = {};
  for (const { name, span } of spans) {
    for (const [key, { type, value }] of Object.entries(span.attributes)) {
      const known = knownAs(key);
      if (!known) {
        if (/^(gen_ai|mcp|sentry|user|error|exception|server|process)\./.test(key)) findings.push(`${name}: ${key} is unknown`);
        continue;
      }
      const wanted = WIRE_TYPES[known.type] ?? known.type;
      if (type !== wanted && name in WRONG_ON_PURPOSE) wrong[name] = (wrong[name] ?? 0) + 1;
      else if (type !== wanted) findings.push(`${name}: ${key} is ${type}, not ${wanted}`);
      if (type === "integer") assert.ok(Number.isInteger(value), key);
    }
  }
  assert.deepEqual(findings, []);
  assert.deepEqual(wrong, WRONG_ON_PURPOSE);
});

test("deprecated names stand where they were asked for, and nowhere else", () => {
  const findings = [];
  let judged = 0;
  for (const { name, conventions, span } of spans) {
    for (const key of Object.keys(span.attributes)) {
      const { deprecation } = knownAs(key) ?? {};
      if (!deprecation || DEPRECATED_ON_PURPOSE[name]?.includes(key)) continue;
      const isBeside = deprecation.replacement in span.attributes;
      judged += 1;
      if (conventions === "current") findings.push(`${name}: ${key} is deprecated`);
      if (conventions === "both" && !isBeside) findings.push(`${name}: ${key} stands without ${deprecation.replacement}`);
      if (conventions === "legacy" && isBeside && !BESIDE_ON_PURPOSE[name]?.includes(deprecation.replacement))
        findings.push(`${name}: ${key} stands beside ${deprecation.replacement}`);
    }
  }
  assert.deepEqual(findings, []);
  assert.ok(judged >= 60, String(judged));
});

test("every AI op is one of the conventions and agrees with its operation name", () => {
  const known = new Set(Object.values(ops));
  let judged = 0;
  for (const { name, span } of spans) {
    const op = span.attributes["sentry.op"].value;
    if (!op.startsWith("gen_ai.")) continue;
    judged += 1;
    assert.ok(known.has(op), `${name}: ${op}`);
    assert.equal(span.attributes["gen_ai.operation.name"].value, op.slice("gen_ai.".length), name);
  }
  assert.ok(judged >= 50, String(judged));
});

test("strings of JSON are JSON, in the shapes of the conventions", () => {
  for (const { name, span } of spans) {
    const list = (key) => (span.attributes[key] ? JSON.parse(span.attributes[key].value) : []);
    for (const key of ["gen_ai.input.messages", "gen_ai.output.messages"]) {
      for (const message of list(key)) {
        assert.equal(typeof message.role, "string", name);
        assert.ok(message.parts.every((part) => typeof part.type === "string"), `${name}: ${JSON.stringify(message)}`);
      }
    }
    assert.ok(list("gen_ai.system_instructions").every((part) => part.type === "text"), name);
    if (DEPRECATED_ON_PURPOSE[name] || name.endsWith("_own")) continue;
    const { "gen_ai.request.messages": request } = span.attributes;
    for (const message of request ? JSON.parse(request.value) : []) {
      assert.ok(typeof message.role === "string" && "content" in message && !("parts" in message), `${name}: ${JSON.stringify(message)}`);
    }
    assert.ok(list("gen_ai.response.text").every((text) => typeof text === "string"), name);
    assert.ok(list("gen_ai.response.tool_calls").every((call) => typeof call.name === "string"), name);
  }
});

test("what the instrumented clients sent has everything that a request must have", { skip: !folder }, () => {
  const requests = spans.filter(({ name, span }) => name.endsWith(".envelopes") && span.attributes["sentry.op"].value === "gen_ai.chat");
  assert.equal(requests.length, 9, "three requests in three languages");
  const wanted = ["gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model", "gen_ai.response.id", "gen_ai.response.finish_reasons", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.cache_read.input_tokens", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.agent.name", "gen_ai.conversation.id", "gen_ai.pipeline.name"];
  for (const { name, span } of requests) {
    assert.deepEqual(wanted.filter((key) => !(key in span.attributes)), [], name);
    assert.equal(span.attributes["gen_ai.provider.name"].value, "openai");
  }
  const streamed = requests.filter(({ span }) => span.attributes["gen_ai.response.streaming"]?.value === true);
  assert.equal(streamed.length, 3);
  assert.ok(streamed.every(({ span }) => span.attributes["gen_ai.response.time_to_first_chunk"].value > 0));
});
