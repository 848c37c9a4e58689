/** What the page knows: people and their chats, kept from the events of the server. */

const KEPT = 300;

class Chat {
  constructor() {
    Object.assign(this, { messages: new Map(), unread: 0, commands: [], blocked: false });
  }

  put(message) {
    const [first] = this.messages.keys();
    // A change of a message that is too old to be kept.
    if (message.message_id < first) return;
    this.messages.set(message.message_id, message);
    if (this.messages.size > KEPT) this.messages.delete(this.messages.keys().next().value);
  }
}

export class Store {
  constructor() {
    Object.assign(this, { bot: null, people: new Map(), chats: new Map(), suggested: [] });
  }

  chat(id) {
    const key = Number(id);
    if (!this.chats.has(key)) this.chats.set(key, new Chat());
    return this.chats.get(key);
  }

  /** Starts anew from `hello`; chats keep their identity, so open phones stay attached to them. */
  begin({ bot, people, phones, chats }) {
    this.bot = bot;
    this.suggested = phones ?? [];
    this.people = new Map(people.map((person) => [person.id, person]));
    for (const chat of this.chats.values()) Object.assign(chat, new Chat());
    for (const [id, told] of Object.entries(chats)) this.tell(id, told);
    for (const person of people) if (person.blocked !== undefined) this.chat(person.id).blocked = person.blocked;
  }

  tell(id, { messages, unread, commands, blocked }) {
    const chat = this.chat(id);
    chat.messages = new Map((messages ?? []).map((message) => [message.message_id, message]));
    Object.assign(chat, { unread: unread ?? 0, commands: commands ?? [], blocked: Boolean(blocked) });
  }

  meet(person) {
    this.people.set(person.id, person);
    if (person.blocked !== undefined) this.chat(person.id).blocked = person.blocked;
  }

  inOrder() {
    return [...this.people.values()].sort((one, other) => (one.order ?? 0) - (other.order ?? 0) || one.id - other.id);
  }

  unread() {
    return [...this.people.keys()].reduce((sum, id) => sum + this.chat(id).unread, 0);
  }
}
