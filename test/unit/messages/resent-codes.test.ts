import { describe, expect, it } from 'vitest';
import { noteResentCode } from '../../../lambdas/messages/resent-codes.ts';

const failure = (name: string) => Object.assign(new Error('ada@harbour.example'), { name });

describe('a mail with a code', () => {
  const event = (triggerSource: string, userAttributes: object = { sub: 's1' }) =>
    ({ triggerSource, request: { userAttributes } }) as never;
  const noted: string[] = [];
  const lines: object[] = [];
  const note = (trigger: never, fault?: Error) =>
    noteResentCode(
      async (sub) => {
        if (fault) throw fault;
        noted.push(sub);
      },
      trigger,
      (line) => lines.push(line),
    );

  it('is noted when it confirms an account and is sent again; the first one counts by the age of the account', async () => {
    for (const source of ['SignUp', 'ForgotPassword', 'Authentication', 'VerifyUserAttribute'])
      await note(event(`CustomMessage_${source}`));
    expect(noted).toEqual([]);
    await note(event('CustomMessage_ResendCode'));
    expect(noted).toEqual(['s1']);
  });

  it('is not sent without its note, and the person is told nothing but a code', async () => {
    await expect(note(event('CustomMessage_ResendCode'), failure('TimeoutError'))).rejects.toThrow(
      /^UNAVAILABLE$/,
    );
    await expect(note(event('CustomMessage_ResendCode', {}))).rejects.toThrow(/^UNAVAILABLE$/);
    expect(JSON.stringify(lines)).not.toContain('harbour');
    expect(lines).toHaveLength(2);
  });
});
