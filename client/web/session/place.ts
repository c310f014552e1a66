/** A place to go to, or the lobby if it is none of ours. A browser leaves tabs and line feeds out of an
 * address: "/\t/elsewhere" is "//elsewhere". */
export function ours(place: string): string {
  return /^\/(?![/\\\s])/.test(place) ? place : "/";
}
