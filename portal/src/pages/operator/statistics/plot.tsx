import { useId } from 'preact/hooks';
import { number } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { axisName, bucketName } from './buckets.ts';
import { axisBuckets, niceMax, type Series, stackOf, ticksOf, totalsOf } from './plot-scale.ts';
import { Scroll } from './scroll.tsx';

const width = 640;
const height = 200;

export interface PlotProps {
  readonly title: string;
  /** Beginning of each bucket. */
  readonly at: readonly string[];
  readonly step: 'hour' | 'day';
  readonly series: readonly Series[];
  /** How a value reads, for example as money. @default a number */
  readonly show?: (value: number) => string;
}

/** Stacked bars over time, with a legend that has the sums and the same numbers as a table for whoever reads or copies them. */
export function Plot({ title, at, step, series, show = number }: PlotProps) {
  const id = useId();
  const totals = totalsOf(series);
  const max = niceMax(Math.max(0, ...totals));
  const slot = width / Math.max(1, at.length);
  const gap = Math.min(slot * 0.25, 6);
  return (
    <figure class="plot" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      <div class="bars">
        <ol class="ticks" aria-hidden="true">
          {ticksOf(max)
            .toReversed()
            .map((tick) => (
              <li key={tick}>{show(tick)}</li>
            ))}
        </ol>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summaryOf(title, series, show)}
        >
          {at.map((bucket, index) =>
            stackOf(series, index, max).map(({ name, from, to, value }) => (
              <rect
                key={`${bucket} ${name}`}
                class={`part tone-${series.findIndex((one) => one.name === name) + 1}`}
                x={index * slot + gap / 2}
                width={slot - gap}
                y={height - to * height}
                height={Math.max((to - from) * height, 1)}
              >
                <title>{`${bucketName(bucket, step)}: ${labelOf(series, name)} ${show(value)}`}</title>
              </rect>
            )),
          )}
        </svg>
        <ol class="times" aria-hidden="true">
          {axisBuckets(at.length).map((index) => (
            <li key={index} dir="auto">
              {axisName(at[index] ?? '', step, at.length)}
            </li>
          ))}
        </ol>
      </div>
      <Legend series={series} show={show} />
      <details>
        <summary>{text('operator', 'plot.table')}</summary>
        <Table title={title} at={at} step={step} series={series} show={show} />
      </details>
    </figure>
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const labelOf = (series: readonly Series[], name: string): string =>
  series.find((one) => one.name === name)?.label ?? name;

const summaryOf = (title: string, series: readonly Series[], show: (value: number) => string): string =>
  [title, ...series.map(({ label, values }) => `${label}: ${show(sum(values))}`)].join('. ');

function Legend({
  series,
  show,
}: {
  readonly series: readonly Series[];
  readonly show: (value: number) => string;
}) {
  return (
    <ul class="legend">
      {series.map(({ name, label, values }, index) => (
        <li key={name}>
          <span class={`swatch tone-${index + 1}`} />
          {label} <strong>{show(sum(values))}</strong>
        </li>
      ))}
    </ul>
  );
}

/** Only the buckets in which something happened: nobody reads a hundred zeros. */
function Table({ title, at, step, series, show = number }: PlotProps) {
  const totals = totalsOf(series);
  return (
    <Scroll label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text('operator', 'plot.when')}</th>
            {series.map(({ name, label }) => (
              <th key={name} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {at.map((bucket, index) =>
            totals[index] ? (
              <tr key={bucket}>
                <th scope="row">{bucketName(bucket, step)}</th>
                {series.map(({ name, values }) => (
                  <td key={name}>{show(values[index] ?? 0)}</td>
                ))}
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </Scroll>
  );
}
