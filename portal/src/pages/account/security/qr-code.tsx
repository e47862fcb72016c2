import { useEffect, useState } from 'preact/hooks';

interface Squares {
  readonly size: number;
  readonly path: string;
}

/** A QR code as an image of squares; its maker is fetched when the first one is shown. */
export function QrCode({ value, label }: { readonly value: string; readonly label: string }) {
  const [squares, setSquares] = useState<Squares>();
  useEffect(() => {
    let current = true;
    void import('uqr').then(({ encode }) => {
      const { data, size } = encode(value, { ecc: 'M', border: 4 });
      if (current) setSquares({ size, path: pathOf(data) });
    });
    return () => {
      current = false;
    };
  }, [value]);
  return (
    <svg
      class="qr-code"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${squares?.size ?? 1} ${squares?.size ?? 1}`}
      shape-rendering="crispEdges"
    >
      {squares && <path d={squares.path} />}
    </svg>
  );
}

/** Runs of dark squares in each row: a tenth of the size of one shape per square. */
export const pathOf = (rows: readonly (readonly boolean[])[]): string =>
  rows
    .flatMap((row, y) =>
      row.map((isDark, x) => (isDark && !row[x - 1] ? `M${x} ${y}h${runFrom(row, x)}v1H${x}z` : '')),
    )
    .join('');

const runFrom = (row: readonly boolean[], start: number): number => {
  const end = row.indexOf(false, start);
  return (end === -1 ? row.length : end) - start;
};
