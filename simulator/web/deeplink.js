/** Links that point at this bot: they open here, not on the internet. */

const HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);

/** `{payload}` when the address is a link to `username`, else null. */
export function startPayload(url, username) {
  let address;
  try {
    address = new URL(url);
  } catch {
    return null;
  }
  const name = address.pathname.replace(/^\/|\/$/g, "");
  if (!HOSTS.has(address.hostname) || name.toLowerCase() !== username.toLowerCase()) return null;
  return { payload: address.searchParams.get("start") ?? "" };
}

/** The person named in `#open=<id>`, or null. */
export function personInHash(hash) {
  const match = /^#open=(-?\d+)$/.exec(hash);
  return match ? Number(match[1]) : null;
}
