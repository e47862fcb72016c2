import type { CustomMessageTriggerEvent } from 'aws-lambda';

export type NoteCodeSent = (sub: string) => Promise<void>;

/**
 * Notes, before the mail leaves, that a confirmation code was sent again, through whatever door: the account must not
 * be removed as abandoned while it is good. Without the note there is no mail.
 * @throws Error with the message `UNAVAILABLE`: Cognito shows it to the person
 */
export async function noteResentCode(
  note: NoteCodeSent,
  { triggerSource, request }: CustomMessageTriggerEvent,
  log: (line: Readonly<Record<string, string>>) => void,
): Promise<void> {
  if (triggerSource !== 'CustomMessage_ResendCode') return;
  const { sub } = request.userAttributes as Readonly<Record<string, string | undefined>>;
  try {
    if (!sub) throw new Error('trigger event without sub');
    await note(sub);
  } catch (error) {
    const name = error instanceof Error ? error.name : 'Unknown';
    log({ level: 'error', event: 'trigger-failed', name });
    throw new Error('UNAVAILABLE');
  }
}
