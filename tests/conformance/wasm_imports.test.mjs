// Invariant 1: the module asks its host for no clock, no randomness, no IO; only for the glue of wasm-bindgen, and for the
// digits of numbers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

test("the wasm module imports nothing but glue", () => {
  const bytes = readFileSync(new URL("../../bindings-wasm/dist/spanwire_bg.wasm", import.meta.url));
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  assert.ok(imports.length > 0);
  // `call` is how the user's own functions are asked; `String` and `Number` know the digits of doubles.
  const glue = /^(__wbindgen_|__wbg___wbindgen_|__wbg_Error_|__wbg_call_|__wbg_String_|__wbg_Number_)/;
  assert.deepEqual(imports.filter(({ name }) => !glue.test(name)).map(({ name }) => name), []);
});
