import * as v from 'valibot';
import * as s from '../schemas.ts';
import { type RouteTable, reauthentication, user } from './table.ts';

const link = v.strictObject({
  id: v.string(),
  /** Name of the provider in the configuration. */
  provider: v.string(),
  linkedAt: s.timestamp,
  /** False for the one that the account came into being with. */
  removable: v.boolean(),
});

/** Sign-ins of other providers that belong to the account. */
export const linkRoutes = {
  'GET /v1/me/links': {
    function: 'account-api',
    summary: 'The accounts at other providers that sign in as this person',
    auth: user('security.read'),
    answer: { status: 200, body: v.strictObject({ links: v.array(link) }) },
    errors: [],
  },
  'POST /v1/me/links': {
    function: 'account-api',
    summary: 'Link the account at a provider whose sign-in has just shown this code',
    auth: user('security.write'),
    assurance: reauthentication,
    body: v.strictObject({ code: s.text(8, 16) }),
    answer: { status: 201, body: link },
    errors: ['LINK_REJECTED', 'FACTOR_LIMIT'],
  },
  'DELETE /v1/me/links/{id}': {
    function: 'account-api',
    summary: 'Undo a link: the account at the provider signs in as nobody again',
    auth: user('security.write'),
    assurance: reauthentication,
    answer: { status: 204 },
    errors: ['LINK_UNKNOWN', 'FACTOR_REQUIRED'],
  },
} as const satisfies RouteTable;
