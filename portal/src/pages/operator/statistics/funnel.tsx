import { number } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { share } from './words.ts';

export interface FunnelStep {
  readonly label: string;
  readonly count: number;
}

/** How many of those who began reached each step. Steps are counted when they happen, so a short range may show more of a later one. */
export function Funnel({ steps }: { readonly steps: readonly FunnelStep[] }) {
  const begun = steps[0]?.count ?? 0;
  const largest = Math.max(1, ...steps.map(({ count }) => count));
  return (
    <ol class="plain funnel" aria-label={text('operator', 'funnel')}>
      {steps.map(({ label, count }, index) => (
        <li key={label}>
          <span class="name">{label}</span>
          <span class="count">
            {number(count)}
            {index > 0 && begun > 0 && <span class="muted"> · {share(count, begun)}</span>}
          </span>
          <meter min={0} max={largest} value={count} aria-hidden="true" />
        </li>
      ))}
    </ol>
  );
}
