import { useId, useState } from 'preact/hooks';
import { Checkbox } from '../../../kit/checkbox.tsx';
import { number } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { axisName, bucketName } from './buckets.ts';
import { PlotBars } from './plot-bars.tsx';
import { axisBuckets, cutBelow, highestOf, niceMax, type Series, ticksOf, totalsOf } from './plot-scale.ts';
import { PlotTable } from './plot-table.tsx';

export interface PlotProps {
  readonly title: string;
  /** Beginning of each bucket. */
  readonly at: readonly string[];
  readonly step: 'hour' | 'day';
  readonly series: readonly Series[];
  /** How a value reads, for example as money. @default a number */
  readonly show?: (value: number) => string;
  /** Looks at one day more closely; absent where there is nothing closer. */
  readonly onDay?: (at: string) => void;
}

/** Stacked bars over time, with a legend that has the sums and the same numbers as a table for whoever reads or copies them. */
export function Plot(props: PlotProps) {
  const { title, at, step, series, show = number } = props;
  const id = useId();
  const totals = totalsOf(series);
  const highest = highestOf(totals);
  return (
    <figure class="plot" aria-labelledby={id}>
      <figcaption id={id}>
        {title} <span class="muted small">{text('operator', `plot.per.${step}`)}</span>
      </figcaption>
      {highest === undefined ? (
        <p class="muted small">{text('operator', 'nothing')}</p>
      ) : (
        <>
          <Bars {...props} show={show} totals={totals} />
          <Legend series={series} show={show} />
          <p class="hint">
            {text('operator', 'plot.highest', {
              value: show(totals[highest] ?? 0),
              at: bucketName(at[highest] ?? '', step),
            })}
          </p>
          <details>
            <summary>{text('operator', 'plot.table')}</summary>
            <PlotTable {...props} show={show} totals={totals} />
          </details>
        </>
      )}
    </figure>
  );
}

export interface DrawnProps extends PlotProps {
  readonly show: (value: number) => string;
  /** Height of each bucket's bar. */
  readonly totals: readonly number[];
}

function Bars(props: DrawnProps) {
  const { title, at, step, series, show, totals } = props;
  const [isCut, setCut] = useState(false);
  const cut = cutBelow(totals);
  const max = niceMax(isCut && cut !== undefined ? cut : Math.max(0, ...totals));
  return (
    <>
      {cut !== undefined && (
        <Checkbox label={text('operator', 'plot.cut')} checked={isCut} onChecked={setCut} />
      )}
      <div class="bars">
        <ol class="ticks" aria-hidden="true">
          {ticksOf(max)
            .toReversed()
            .map((tick) => (
              <li key={tick}>{show(tick)}</li>
            ))}
        </ol>
        <PlotBars {...props} max={max} summary={summaryOf(title, series, show)} />
        <ol class="times" aria-hidden="true">
          {axisBuckets(at.length).map((index) => (
            <li key={index} dir="auto">
              {axisName(at[index] ?? '', step, at.length)}
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const summaryOf = (title: string, series: readonly Series[], show: (value: number) => string): string =>
  [title, ...series.map(({ label, values }) => `${label}: ${show(sum(values))}`)].join('. ');

function Legend({ series, show }: Pick<DrawnProps, 'series' | 'show'>) {
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
