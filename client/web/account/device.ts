/** A program's own words about itself, as people call it. */
export function deviceOf(agent: string): { name: string; phone: boolean } {
  const browser = /Edg\//.test(agent) ? "Edge" : /OPR\//.test(agent) ? "Opera" : /Firefox\//.test(agent) ? "Firefox"
    : /Chrome\/|CriOS\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : null;
  const system = /iPhone/.test(agent) ? "iPhone" : /iPad/.test(agent) ? "iPad" : /Android/.test(agent) ? "Android"
    : /Mac OS/.test(agent) ? "Mac" : /Windows/.test(agent) ? "Windows" : /CrOS/.test(agent) ? "ChromeOS"
    : /Linux|X11/.test(agent) ? "Linux" : null;
  const phone = /iPhone|Android|Mobile/.test(agent);
  if (browser === null) return { name: agent.split("/")[0]?.trim() || "Unknown program", phone };
  return { name: system === null ? browser : `${browser} on ${system}`, phone };
}
