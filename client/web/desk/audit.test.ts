import { expect, test } from "vitest";
import { changesOf, reasonOf, shortAct } from "./audit";

test("why and who agreed are read from what was asked", () => {
  expect(reasonOf('{"by":{"name":"ann","approver":"bob"},"reason":"misdeal"}')).toEqual({ reason: "misdeal", approver: "bob" });
  expect(reasonOf('{"by":{"name":"ann","approver":null},"key":"k","post":true,"why":"came in"}')).toEqual({ reason: "came in", approver: "" });
  expect(reasonOf('{"limit":"5"}')).toEqual({ reason: "", approver: "" });
  expect(reasonOf("no JSON")).toEqual({ reason: "", approver: "" });
});

test("an act is told without what all have", () => {
  expect(shortAct("POST /v1/operator/tables/lantern/pause")).toBe("tables/lantern/pause");
});

test("only what the act changed is shown", () => {
  const before = '{"table":"oak","paused":false,"hand":7,"players":3}';
  const after = '{"table":"oak","paused":true,"hand":8,"players":2}';
  expect(changesOf(before, after)).toEqual([{ name: "paused", before: "false", after: "true" }]);
  expect(changesOf(before, before)).toEqual([]);
  expect(changesOf(null, after)).toEqual([]);
});

test("what is no object is shown whole", () => {
  expect(changesOf("null", '{"open":true}')).toEqual([{ name: "state", before: "none", after: '{"open":true}' }]);
  expect(changesOf("[]", '["floor"]')).toEqual([{ name: "state", before: "none", after: "floor" }]);
  expect(changesOf('[{"table":"oak","hand":7},{"table":"elm","hand":3}]', "[]")).toEqual([{ name: "state", before: "oak, elm", after: "none" }]);
  expect(changesOf("null", "null")).toEqual([]);
});
