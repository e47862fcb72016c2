import { randomBytes, randomInt } from 'node:crypto';
import { ulid } from 'ulid';
import type { Clock, Random } from '../ports.ts';

export const systemClock: Clock = { now: () => Date.now() };

export const systemRandom: Random = {
  id: () => randomBytes(16).toString('base64url'),
  ulid: (now) => ulid(now),
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
};
