import { type Buckets, rankedBy } from './counts.ts';
import { Ranking } from './ranking.tsx';

/** What is ranked: counters of some buckets that begin alike. */
export interface Ranked {
  readonly title: string;
  readonly of: Buckets;
  readonly prefix: string;
  readonly label: (name: string) => string;
  readonly show?: (count: number) => string;
}

/** Side by side, as far as there is room. */
export const Rankings = ({ of }: { readonly of: readonly Ranked[] }) => (
  <div class="columns">
    {of.map(({ title, of: buckets, prefix, label, show }) => (
      <Ranking
        key={title}
        title={title}
        of={rankedBy(buckets, prefix)}
        label={label}
        {...(show && { show })}
      />
    ))}
  </div>
);
