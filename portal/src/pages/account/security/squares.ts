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
