import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../client/index.ts';
import { type Action, useAction } from '../../kit/use-action.ts';
import { identifier } from '../sign-in/flow.ts';
import { looksLikeAddress } from '../sign-in/looks-like-address.ts';

type Sent = AnswerOf<'POST /v1/password-resets'>;

export interface MailedCode {
  /** What is said of the mail; `undefined` before it was asked for. */
  readonly sent: Sent | undefined;
  /** The address was looked at and cannot be one. */
  readonly isRefused: boolean;
  readonly send: Action<[]>;
  readonly startOver: () => void;
}

/** An address to which a code is mailed; whether there is an account nobody says. */
export function useMailedCode(request: (address: string) => Promise<Sent>): MailedCode {
  const [sent, setSent] = useState<Sent>();
  const [isRefused, setIsRefused] = useState(false);
  const send = useAction(async () => {
    const isGood = looksLikeAddress(identifier.value);
    setIsRefused(!isGood);
    if (isGood) setSent(await request(identifier.value.trim()));
  });
  return { sent, isRefused, send, startOver: () => setSent(undefined) };
}
