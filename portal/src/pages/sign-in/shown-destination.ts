/**
 * Where a message went, as somebody reads it who has just typed the address: in full, so that a slip is seen. The API masks it
 * (`a***@e***.com`), and so it stays where it is not the typed one, or after a reload.
 */
export function shownDestination(masked = '', typed = ''): string {
  const [start, middle, end] = masked.split('***');
  const address = typed.trim();
  const at = address.indexOf('@');
  const fits =
    end !== undefined &&
    middle?.startsWith('@') &&
    address.toLowerCase().startsWith(start ?? '') &&
    address.slice(at).toLowerCase().startsWith(middle) &&
    address.toLowerCase().endsWith(end);
  return fits ? address : masked;
}
