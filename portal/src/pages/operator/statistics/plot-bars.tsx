import { bucketName, hasHours } from './buckets.ts';
import type { DrawnProps } from './plot.tsx';
import { stackOf } from './plot-scale.ts';

const width = 640;
const height = 200;
/** Of the mark on top of a bar that is cut off. */
const markHeight = 7;

export interface PlotBarsProps extends DrawnProps {
  readonly max: number;
  readonly summary: string;
}

/** The drawing alone; screen readers get its summary, and the table beside it. */
export function PlotBars({ at, step, series, show, totals, max, summary, onDay }: PlotBarsProps) {
  const slot = width / Math.max(1, at.length);
  const gap = Math.min(slot * 0.25, 6);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={summary}>
      {at.map((bucket, index) => {
        const x = index * slot + gap / 2;
        const isOver = (totals[index] ?? 0) > max;
        const leads = onDay && totals[index] && hasHours(bucket, Date.now());
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; the table has a button for everybody
          <g
            key={bucket}
            class={leads ? 'leads' : undefined}
            onClick={leads ? () => onDay(bucket) : undefined}
          >
            <title>{titleOf(bucketName(bucket, step), index, series, show)}</title>
            <rect class="column" x={index * slot} width={slot} y={0} height={height} />
            {stackOf(series, index, max).map(({ name, from, to }) => (
              <rect
                key={name}
                class={`part tone-${series.findIndex((one) => one.name === name) + 1}`}
                x={x}
                width={slot - gap}
                y={height - to * height}
                height={Math.max((to - from) * height, 1.5)}
              />
            ))}
            {isOver && (
              <path
                class="over"
                d={`M${x} ${markHeight} h${slot - gap} l${-(slot - gap) / 2} ${-markHeight} z`}
              />
            )}
          </g>
        );
      })}
    </svg>
  );
}

const titleOf = (
  when: string,
  index: number,
  series: DrawnProps['series'],
  show: DrawnProps['show'],
): string => [when, ...series.map(({ label, values }) => `${label}: ${show(values[index] ?? 0)}`)].join('\n');
