import type { FlowStart } from '../core/challenge/flow.ts';
import type { FlowId } from '../core/ids.ts';
import type { RequestContext } from '../core/risk/context.ts';
import type { Assessment } from './assess.ts';
import type { Person } from './person.ts';

export const flowStart = (
  person: Person,
  id: FlowId,
  context: RequestContext | undefined,
  { record, blind, passwordBanned }: Assessment,
): FlowStart => ({
  id,
  account: person.account,
  client: person.client,
  door: context?.door ?? 'sdk',
  createdAt: record.context.now,
  record,
  ...(blind && { blind }),
  ...(context && { label: context.label }),
  ...(context?.brand && { brand: context.brand }),
  ...(context?.language && { language: context.language }),
  ...(context?.session && { stepUp: context.session }),
  ...(!passwordBanned && isPasswordEnough(record, context) && { state: 'proven' }),
});

/** To raise a session, the password may be the one method, unless the policy bans it or the second level was asked for. */
const isPasswordEnough = (
  { context: { proven, account } }: Assessment['record'],
  context: RequestContext | undefined,
): boolean =>
  account.exists && context?.session !== undefined && context.level !== 2 && proven.includes('password');
