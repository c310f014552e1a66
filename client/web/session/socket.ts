const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** A ticket's URL as this page may open it: on one's own machine, by the name that the page has,
 * because the table refuses pages of another host. */
export function socketUrl(url: string, page: string = location.hostname): string {
  const at = new URL(url);
  if (LOOPBACK.has(page) && LOOPBACK.has(at.hostname)) at.hostname = page;
  return at.href;
}
