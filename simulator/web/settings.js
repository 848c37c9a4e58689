/** What this browser remembers: open phones, theme, language, time zone. Works without storage too. */

const KEY = "chat-simulator";
const DEFAULTS = { phones: null, active: null, theme: "auto", language: "id", zone: "WIB" };

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function asked() {
  const language = new URLSearchParams(location.search).get("lang");
  return ["id", "en"].includes(language) ? { language } : {};
}

export const settings = { ...DEFAULTS, ...remembered(), ...asked() };

export function remember(changes) {
  Object.assign(settings, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Private windows may refuse storage: the page then simply forgets on reload.
  }
}

export function applyTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = settings.theme === "auto" ? (dark ? "dark" : "light") : settings.theme;
  document.documentElement.dataset.theme = theme;
}

/** Unsent text survives a reload of this tab, one draft for each person. */
export const drafts = {
  get: (id) => quietly(() => sessionStorage.getItem(`draft-${id}`)) ?? "",
  set: (id, text) => quietly(() => sessionStorage.setItem(`draft-${id}`, text)),
};

function quietly(deed) {
  try {
    return deed();
  } catch {
    return null;
  }
}
