import { timingSafeEqual } from 'node:crypto';
import type { AnswerClaim } from '../../adapters/flows.ts';
import type { Flow } from '../../core/challenge/flow.ts';
import type { Pseudonym } from '../../core/ids.ts';
import type { Person } from '../person.ts';
import type { SignInServices } from '../services.ts';

/** Strings only: Cognito knows no other challenge parameters. */
export type Parameters = Readonly<Record<string, string>>;

export interface Asked {
  /** As it stands after asking. */
  readonly flow: Flow;
  readonly parameters: Parameters;
}

export interface Requester {
  /** Network address of the context that this call presents. */
  readonly address?: Pseudonym;
}

/** How one method asks and what proves it. */
export interface MethodRound {
  /** The right answer fits something that the flow holds, which has to stand when the answer is claimed. */
  readonly compares: boolean;
  /** What asking sends can be asked for again. */
  readonly delivers: boolean;
  ask(services: SignInServices, person: Person, flow: Flow, requester: Requester): Promise<Asked>;
  /**
   * Whether the claimed answer proves the method, for somebody who exists; what is good once is spent by it.
   * @param text - empty for an answer of no form that could be right
   */
  prove(services: SignInServices, person: Person, claim: AnswerClaim, text: string): Promise<boolean>;
}

/** For answers that are compared with a keyed hash in the flow. */
export const fitsCode: MethodRound['prove'] = async (_services, _person, { answer, code }) =>
  code !== undefined && timingSafeEqual(Buffer.from(answer), Buffer.from(code.hash));
