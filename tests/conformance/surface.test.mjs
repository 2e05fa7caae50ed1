// The surfaces of both npm packages are the one list that all three packages are held against.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as browser from "spanwire-browser";
import * as node from "spanwire";

const surface = JSON.parse(readFileSync(new URL("../surface.json", import.meta.url), "utf8"));
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

for (const [name, spanwire] of Object.entries({ node, browser })) {
  test(`${name}: every name is there and no other function is`, () => {
    const isClass = (value) => /^class\b/.test(Function.prototype.toString.call(value));
    const functions = Object.keys(spanwire).filter((key) => typeof spanwire[key] === "function" && !isClass(spanwire[key]));
    assert.deepEqual(functions.toSorted(), surface.functions.map(camel).toSorted());
    for (const type of surface.types) assert.ok(type in spanwire, type);
    for (const call of surface.testing) assert.equal(typeof spanwire.testing[camel(call)], "function");
  });

  test(`${name}: a span has every method and no other`, () => {
    const members = Object.getOwnPropertyNames(spanwire.Span.prototype).filter((key) => key !== "constructor" && !key.startsWith("_"));
    assert.deepEqual(members.toSorted(), surface.span.map(camel).toSorted());
  });
}
