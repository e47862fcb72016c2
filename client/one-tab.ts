interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Runs `work` while no other tab, worker or instance runs one for the same token, where the platform has Web Locks (browsers,
 * Node.js from 24.5); elsewhere at once.
 */
export async function alone<T>(token: string | undefined, work: () => Promise<T>): Promise<T> {
  const { locks } = (globalThis as { readonly navigator?: { readonly locks?: Locks } }).navigator ?? {};
  if (!locks || token === undefined) return work();
  let isBegun = false;
  try {
    return await locks.request(`vestibule.${shortened(token)}`, () => {
      isBegun = true;
      return work();
    });
  } catch (cause) {
    if (isBegun) throw cause;
    return work(); // a sandboxed frame may not lock, and shares its storage with nobody
  }
}

/** Enough to tell sessions apart, and 32 bits tell nothing of a token: every script of the origin can list names of locks. */
const shortened = (token: string): number =>
  Array.from(token).reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) | 0, 0);
