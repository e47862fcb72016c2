import { useState } from 'preact/hooks';

/** The secret behind the `#` of a mailed link; taken out of the address, so that no history and no screenshot has it. */
export function useFragment(): string {
  const [secret] = useState(() => {
    const fragment = location.hash.slice(1);
    if (fragment !== '') history.replaceState(null, '', `${location.pathname}${location.search}`);
    return fragment;
  });
  return secret;
}
