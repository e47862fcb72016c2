import { Button } from '../../../kit/button.tsx';
import { text } from '../../../text/text.ts';
import { bucketName, hasHours } from './buckets.ts';
import type { DrawnProps } from './plot.tsx';
import { Scroll } from './scroll.tsx';

/** Only the buckets in which something happened: nobody reads a hundred zeros. */
export function PlotTable({ title, at, step, series, show, totals, onDay }: DrawnProps) {
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
                <th scope="row">
                  {onDay && hasHours(bucket, Date.now()) ? (
                    <Button look="link" onClick={() => onDay(bucket)}>
                      {bucketName(bucket, step)}
                    </Button>
                  ) : (
                    bucketName(bucket, step)
                  )}
                </th>
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
