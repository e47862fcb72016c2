import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCloud } from '../../../local/cloud.ts';
import { claimsOf } from '../../../scripts/journey/journey.ts';
import { openCloud } from '../../support/cloud.ts';
import { Customer } from '../../support/customer.ts';
import { riskTable } from '../../support/risk-table.ts';
import { roundOf, SdkDoor } from '../../support/sdk-door.ts';

// security.md: "Code or lockout race", "Code guessing over many sessions"
let cloud: RunningCloud;
let risk: ReturnType<typeof riskTable>;
const attempts = 3;
const accountLimit = 10;
beforeAll(async () => {
  cloud = await openCloud({
    parameters: {
      CodeAttempts: `${attempts}`,
      CodeAccountLimit: `${accountLimit}`,
      CodeMailsPerAccountPerHour: '100',
      WafSignInLimit: '100000',
    },
  });
  risk = riskTable(cloud);
});
afterAll(() => cloud?.stop());

/** `count` codes with the right one at a place that moves from run to run. */
function guesses(count: number, right: string, run: number): string[] {
  const wrong = Array.from({ length: count }, (_, index) => `${10_000_000 + index}`);
  const codes = wrong.map((code) => (code === right ? '99999999' : code));
  codes[(run * 37) % count] = right;
  return codes;
}

/** Of a person whose own code table cell is read: signed in once, so that the account has a sub we know. */
async function person(): Promise<{ customer: Customer; sub: string }> {
  const customer = await new Customer(cloud.outputs).register();
  await customer.signIn();
  const sub = String(claimsOf(customer.api.accessToken ?? '').sub);
  customer.api.deviceToken = undefined; // the next sign-in comes from a new device
  customer.api.accessToken = undefined;
  return { customer, sub };
}

describe('100 parallel answers, one right and 99 wrong', () => {
  it('over the Identity API evaluate one round, succeed at most once and are counted exactly', async () => {
    const { customer, sub } = await person();
    for (let run = 0; run < 5; run += 1) {
      const before = await risk.failedCodes(sub);
      const { flow, code } = await customer.challenged();
      const answers = await Promise.all(guesses(100, code, run).map((guess) => customer.answer(flow, guess)));
      const successes = answers.filter(({ body }) => body.state === 'signed-in').length;
      const evaluated = (await risk.failedCodes(sub)) - before + successes;
      expect(successes).toBeLessThanOrEqual(1);
      expect(evaluated).toBe(1);
      expect(answers.every(({ status }) => [200, 401, 429].includes(status))).toBe(true);
    }
  });

  it('over RespondToAuthChallenge with one session do no better', async () => {
    const { customer, sub } = await person();
    const door = new SdkDoor(cloud.outputs);
    for (let run = 0; run < 5; run += 1) {
      const before = await risk.failedCodes(sub);
      const context = await door.context(customer.email);
      const round = roundOf(await door.begin(customer.email, customer.password, context));
      const code = await customer.mailbox.nextCode(customer.email);
      const answers = await Promise.all(
        guesses(100, code, run).map((guess) => door.answer(round, guess, { vestibule_context: context })),
      );
      const successes = answers.filter(({ body }) => body.AuthenticationResult).length;
      const flow = await risk.flow(round.flow);
      expect(successes).toBeLessThanOrEqual(1);
      expect(flow).toMatchObject({ attempts: 1, state: successes === 1 ? 'proven' : 'challenged' });
      expect((await risk.failedCodes(sub)) - before).toBe(1 - successes);
    }
  });
});

describe('guessing over restarted flows', () => {
  /** Answers of one flow until it ends, as long as codes are a way to pass it. */
  async function guessOn(customer: Customer, from: number): Promise<string> {
    const started = await customer.startSignIn();
    if (started.body.state !== 'challenge') return 'refused';
    if (started.body.challenge.method !== 'email-code') return started.body.challenge.method;
    let { flow } = started.body;
    const code = await customer.mailbox.nextCode(customer.email);
    for (let guess = 0; guess < attempts; guess += 1) {
      const typed = `${20_000_000 + from + guess}`;
      const { body } = await customer.answer(flow, typed === code ? '99999999' : typed);
      if (body.state !== 'challenge') return 'ended';
      flow = body.flow;
    }
    return 'ended';
  }

  it('ends at the limit of the account, and a new flow brings neither a code nor a further guess', async () => {
    const { customer, sub } = await person();
    const outcomes: string[] = [];
    for (let flows = 0; flows < 8; flows += 1) outcomes.push(await guessOn(customer, flows * attempts));
    expect(outcomes.slice(4)).toEqual(Array(4).fill('magic-link')); // what is left cannot be guessed
    expect(await risk.failedCodes(sub)).toBe(accountLimit);

    const door = new SdkDoor(cloud.outputs);
    const asked = await door.begin(customer.email, customer.password); // wants a code
    expect(asked.body.ChallengeParameters).toMatchObject({ step: 'magic-link', methods: '["magic-link"]' });
    const digits = await door.answer(roundOf(asked), '10000000');
    expect(digits.body).not.toHaveProperty('AuthenticationResult');
    expect(await risk.failedCodes(sub)).toBe(accountLimit);
  });

  it('over 40 flows at once is counted as if they came one after the other', async () => {
    const { customer, sub } = await person();
    const door = new SdkDoor(cloud.outputs);
    const opened = await Promise.all(
      Array.from({ length: 40 }, async () => door.begin(customer.email, customer.password)),
    );
    const rounds = opened.filter(({ body }) => body.ChallengeName).map(roundOf);
    expect(rounds.length).toBeGreaterThan(accountLimit);
    const answers = await Promise.all(
      rounds.map((round, index) => door.answer(round, `${30_000_000 + index}`)),
    );
    expect(answers.some(({ body }) => body.AuthenticationResult)).toBe(false);
    expect(await risk.failedCodes(sub)).toBe(accountLimit);
    const flows = await Promise.all(rounds.map(({ flow }) => risk.flow(flow)));
    const evaluated = flows.reduce((sum, flow) => sum + Number(flow?.attempts ?? 0), 0);
    expect(evaluated).toBe(accountLimit);
  });
});
