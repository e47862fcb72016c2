import type { PasswordFilter } from '../../core/registration/password-filter.ts';
import data from './compromised-passwords.json' with { type: 'json' };

/** Written by `scripts/build-password-filter.ts`; little-endian cells in base64. */
export function openFilter(): PasswordFilter {
  const bytes = Buffer.from(data.cells, 'base64');
  const cells = new Uint16Array(bytes.length / 2);
  for (let index = 0; index < cells.length; index += 1) cells[index] = bytes.readUInt16LE(2 * index);
  return { cells };
}
