/**
 * AWS's stream sequence numbers have 21 to 40 digits and all the same length. Engines count from 1, which would let
 * a consumer that compares them as text pass on AWS and fail here, or the other way round.
 */
const digits = 24;
const lead = '1';

export const presentSequence = (engine: string): string =>
  engine.length > 20 ? engine : `${lead}${engine.padStart(digits, '0')}`;

export const engineSequence = (presented: string): string =>
  presented.length === digits + lead.length && presented.startsWith(`${lead}0000`)
    ? presented.slice(lead.length).replace(/^0+(?=\d)/, '')
    : presented;
