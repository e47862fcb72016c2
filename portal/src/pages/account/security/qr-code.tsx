import { useEffect, useState } from 'preact/hooks';
import { pathOf } from './squares.ts';

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
