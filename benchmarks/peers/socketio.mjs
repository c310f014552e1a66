// Socket.IO over WebSocket: a room a table, events as it sends them.
import { Server } from "socket.io";
import { KINDS, port, ready, REFUSED, START, tableNumber } from "./table.mjs";

const server = new Server({ transports: ["websocket"], perMessageDeflate: false, serveClient: false });
server.on("connection", (socket) => {
  const number = Number(socket.handshake.auth.table);
  const room = `t${number}`;
  const table = tableNumber(number, () => ({}));
  const { seat, full } = table.sit();
  socket.join(room);
  socket.on("act", (action) => {
    const told = table.act(seat, action);
    if (told === null) socket.emit("err", REFUSED);
    else told.forEach((fields, i) => server.to(room).emit(KINDS[i], fields));
  });
  socket.emit("seat", { seat });
  if (full) server.to(room).emit("start", START);
});
server.listen(port);
ready();
