/** The simulator's control calls. A refusal becomes an Error whose message can be shown. */

async function ask(path, options = {}) {
  const response = await fetch(path, options);
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.description ?? body?.error ?? `${response.status} ${response.statusText}`);
  return body;
}

function post(path, values = {}) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(values),
  });
}

const of = (id, deed) => `/sim/people/${id}/${deed}`;

export const say = (id, text, replyTo) => post(of(id, "text"), { text, ...(replyTo && { reply_to_message_id: replyTo }) });
export const press = (id, messageId, data) => post(of(id, "press"), { message_id: messageId, data });
export const start = (id, payload) => post(of(id, "start"), payload ? { payload } : {});
export const edit = (id, messageId, text) => post(of(id, "edit"), { message_id: messageId, text });
export const forward = (id, messageId) => post(of(id, "forward"), { message_id: messageId });
export const block = (id) => post(of(id, "block"));
export const unblock = (id) => post(of(id, "unblock"));
export const read = (id) => post(of(id, "read"));
export const addPerson = (person) => post("/sim/people", person);
export const setClock = (change) => post("/sim/clock", change);
export const setFaults = (change) => post("/sim/faults", change);
export const fileUrl = (fileId) => `/sim/files/${encodeURIComponent(fileId)}`;

export async function older(id, before, limit = 50) {
  const body = await ask(`${of(id, "messages")}?before=${before}&limit=${limit}`);
  return Array.isArray(body) ? body : body.messages;
}

export function sendFiles(id, files, { as, caption, replyTo }) {
  const form = new FormData();
  form.set("as", as);
  if (caption) form.set("caption", caption);
  if (replyTo) form.set("reply_to_message_id", replyTo);
  for (const file of files) form.append("files", file, file.name);
  return ask(of(id, "files"), { method: "POST", body: form });
}
