// Colyseus: a room a table, room messages, no state to synchronise (patches would be extra work).
import { defineRoom, defineServer, Room } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { KINDS, port, ready, REFUSED, START, Table } from "./table.mjs";

class TableRoom extends Room {
  maxClients = 6;
  patchRate = null;
  autoDispose = false;

  onCreate() {
    this.table = new Table();
    this.onMessage("act", (client, action) => {
      const told = this.table.act(client.seat, action);
      if (told === null) client.send("err", REFUSED);
      else told.forEach((fields, i) => this.broadcast(KINDS[i], fields));
    });
  }

  onJoin(client) {
    const { seat, full } = this.table.sit();
    client.seat = seat;
    client.send("seat", seat);
    if (full) this.broadcast("start", START);
  }
}

const server = defineServer({
  rooms: { table: defineRoom(TableRoom).filterBy(["table"]) },
  transport: new WebSocketTransport({ perMessageDeflate: false }),
  greet: false,
});
await server.listen(port, "127.0.0.1");
ready();
