// `ws` without compression: one JSON text an update, sent to each seat.
import { WebSocketServer } from "ws";
import { KINDS, port, ready, REFUSED, START, tableNumber } from "./table.mjs";

const text = (type, fields) => JSON.stringify({ type, ...fields });

function tellAll(table, type, fields) {
  const data = Buffer.from(text(type, fields));
  for (const line of table.lines) line.send(data, { binary: false });
}

const server = new WebSocketServer({ port, host: "127.0.0.1", perMessageDeflate: false });
server.on("listening", ready);
server.on("connection", (line, request) => {
  const number = Number(request.url.split("/")[2]);
  const table = tableNumber(number, () => ({ lines: [] }));
  const { seat, full } = table.sit();
  table.lines.push(line);
  line.on("message", (data) => {
    const told = table.act(seat, JSON.parse(data));
    if (told === null) line.send(text("err", REFUSED));
    else told.forEach((fields, i) => tellAll(table, KINDS[i], fields));
  });
  line.send(text("seat", { seat }));
  if (full) tellAll(table, "start", START);
});
