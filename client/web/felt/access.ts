// How a page comes to a table: tickets and what is in the wallet, over the API.

import type { Access } from "@/room/world";
import { api, ask } from "@/session/api";
import { socketUrl } from "@/session/socket";

export const ACCESS: Access = {
  ticket: async (table, role) => {
    const ticket = await ask(api.POST("/v1/tables/{table}/ticket", { params: { path: { table } }, body: { role } }));
    return { ...ticket, url: socketUrl(ticket.url) };
  },
  wallet: async (currency) =>
    (await ask(api.GET("/v1/wallet", { params: { query: { currency } } }))).amount,
};
