import { number } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import type { Ranked } from './counts.ts';

export interface RankingProps {
  readonly title: string;
  readonly of: readonly Ranked[];
  readonly label: (name: string) => string;
  /** @default a number */
  readonly show?: (count: number) => string;
}

/** What was counted most, with a bar beside each number. */
export function Ranking({ title, of, label, show = number }: RankingProps) {
  const largest = Math.max(1, ...of.map(({ count }) => count));
  return (
    <div class="ranking">
      <h3>{title}</h3>
      {of.length === 0 ? (
        <p class="muted small">{text('operator', 'nothing')}</p>
      ) : (
        <ol class="plain">
          {of.map(({ name, count }) => (
            <li key={name}>
              <span class="name">{label(name)}</span>
              <span class="count">{show(count)}</span>
              <meter min={0} max={largest} value={count} aria-hidden="true" />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
