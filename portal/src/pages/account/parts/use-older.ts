import { useEffect, useState } from 'preact/hooks';
import { useAction } from '../../../kit/use-action.ts';

interface Listed {
  readonly id: string;
}

export interface ListPage<Item extends Listed> {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
}

/** Of the element of an entry; it takes `tabIndex={-1}`, as the focus comes to it. */
export const entryId = ({ id }: Listed): string => `entry-${id}`;

/** A list that begins with its newest entries; older ones come below, and the focus goes to the first of them. */
export function useOlder<Item extends Listed>(
  first: ListPage<Item>,
  read: (cursor: string) => Promise<ListPage<Item>>,
) {
  const [older, setOlder] = useState<readonly Item[]>([]);
  const [next, setNext] = useState(first.next);
  const [reached, setReached] = useState<Item>();
  const more = useAction(async () => {
    if (next === undefined) return;
    const page = await read(next);
    setOlder([...older, ...page.items]);
    setNext(page.next);
    setReached(page.items[0]);
  });
  useEffect(() => {
    if (reached) document.getElementById(entryId(reached))?.focus({ preventScroll: true });
  }, [reached]);
  return { items: [...first.items, ...older], more, hasMore: next !== undefined };
}
