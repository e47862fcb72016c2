import { useCallback, useEffect, useState } from 'preact/hooks';
import { noticeEnd } from '../session/session.ts';

export type Resource<T> =
  | { readonly state: 'loading'; readonly reload: () => void }
  | { readonly state: 'failed'; readonly error: unknown; readonly reload: () => void }
  | { readonly state: 'ready'; readonly value: T; readonly reload: () => void };

/** What a page shows, fetched when it appears; a reload keeps the old value on screen until the new one is there. */
export function useResource<T>(fetchIt: () => Promise<T>, keys: readonly unknown[] = []): Resource<T> {
  const [state, setState] = useState<{ value?: T; error?: unknown; done: boolean }>({ done: false });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    fetchIt().then(
      (value) => current && setState({ value, done: true }),
      (error: unknown) => current && !noticeEnd(error) && setState({ error, done: true }),
    );
    return () => {
      current = false;
    };
  }, [round, ...keys]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  if (!state.done) return { state: 'loading', reload };
  if (state.error !== undefined) return { state: 'failed', error: state.error, reload };
  return { state: 'ready', value: state.value as T, reload };
}
