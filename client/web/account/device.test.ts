import { expect, it } from "vitest";
import { deviceOf } from "./device";

it("names programs as people do", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
  expect(deviceOf(chrome)).toEqual({ name: "Chrome on Linux", phone: false });
  expect(deviceOf(iphone)).toEqual({ name: "Safari on iPhone", phone: true });
  expect(deviceOf("python-httpx/0.28").name).toBe("python-httpx");
  expect(deviceOf("").name).toBe("Unknown program");
});
