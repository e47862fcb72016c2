/** Columns as wide as their widest cell; everything but the first is aligned to the right. */
export function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const lines = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return ['', title, '', format(head), rule, ...lines.slice(1).map(format)].join('\n');
}

export const decimals = (value: number, digits = 1): string => value.toFixed(digits);
export const verdict = (met: boolean): string => (met ? 'met' : 'MISSED');
