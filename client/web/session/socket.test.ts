import { expect, it } from "vitest";
import { socketUrl } from "./socket";

it("opens a socket by the page's own name on one's own machine", () => {
  const ticket = "ws://127.0.0.1:4001/t/lantern?ticket=x";
  expect(socketUrl(ticket, "localhost")).toBe("ws://localhost:4001/t/lantern?ticket=x");
  expect(socketUrl(ticket, "127.0.0.1")).toBe(ticket);
  expect(socketUrl("wss://t1.example/t/a?ticket=x", "localhost")).toBe("wss://t1.example/t/a?ticket=x");
  expect(socketUrl(ticket, "play.example")).toBe(ticket);
});
