import type { FlowStorage } from '../../../../client/index.ts';

/** A mailed link opens in another tab of this browser: only such a challenge is kept where all tabs find it. */
const waitsForLink = (value: string | null): boolean => value?.includes('"method":"magic-link"') ?? false;

/** Where a challenge survives a reload: the sealed flow and what is shown of it. */
export const waitingStorage: FlowStorage = {
  getItem: (key) => sessionStorage.getItem(key),
  setItem(key, value) {
    this.removeItem(key);
    sessionStorage.setItem(key, value);
    if (waitsForLink(value)) localStorage.setItem(key, value);
  },
  removeItem(key) {
    if (waitsForLink(sessionStorage.getItem(key))) localStorage.removeItem(key);
    sessionStorage.removeItem(key);
  },
};
