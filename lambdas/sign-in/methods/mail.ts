import { counterKeys } from '../../adapters/risk-counters.ts';
import { codeLength, type Flow, isPasswordless } from '../../core/challenge/flow.ts';
import { maskedDestination } from '../../core/identifier.ts';
import type { MailData } from '../../core/messages/render.ts';
import { hasUsableSecondFactor } from '../../core/risk/method-policy.ts';
import { enrolledMethods } from '../assess.ts';
import type { Person } from '../person.ts';
import type { SignInServices } from '../services.ts';
import { inBrandOf } from './brand.ts';
import { type Delivery, deliver, deliveryParameters } from './delivery.ts';
import { languageOf } from './language.ts';
import { fitsCode, type MethodRound } from './round.ts';

/** Whoever enrolled a further factor since the mail left is not to be passed by the mailbox any more. 1 RRU. */
const fitsMail: MethodRound['prove'] = async (services, person, claim, text) => {
  if (!(await fitsCode(services, person, claim, text))) return false;
  const [policy, enrolled] = await Promise.all([
    services.methodPolicy(person.client),
    enrolledMethods(services, person),
  ]);
  return !hasUsableSecondFactor(policy, enrolled);
};

/** Eight digits to the proven address. Convenience only: e-mail raises no assurance (NIST SP 800-63B-4). */
export const emailCode: MethodRound = {
  compares: true,
  delivers: true,
  ask: async (services, person, flow) => {
    const asked = await deliver(services, person, flow, {
      ...mailed(services, person, flow),
      method: 'email-code',
      makeSecret: () => services.random.digits(codeLength),
      send: (code) => sendMail(services, person, flow, 'sign-in-code', { ...about(services, flow), code }),
    });
    const parameters = deliveryParameters(services, asked, destinationOf(person));
    return { flow: asked, parameters: { ...parameters, codeLength: `${codeLength}` } };
  },
  prove: fitsMail,
};

/**
 * A link whose secret is in the fragment, which no server and no referrer ever sees. Opening it does nothing: the page
 * posts the secret together with the sealed flow that only the browser holds in which the sign-in began.
 */
export const magicLink: MethodRound = {
  compares: true,
  delivers: true,
  ask: async (services, person, flow) => {
    const asked = await deliver(services, person, flow, {
      ...mailed(services, person, flow),
      method: 'magic-link',
      makeSecret: () => `${services.random.id()}${services.random.id()}`,
      send: (secret) =>
        sendMail(services, person, flow, 'sign-in-link', {
          ...about(services, flow),
          link: `${services.config.portalUrl}/link#${secret}`,
        }),
    });
    return { flow: asked, parameters: deliveryParameters(services, asked, destinationOf(person)) };
  },
  prove: fitsMail,
};

const destinationOf = ({ email }: Person): string => (email ? maskedDestination(email) : '***');

const about = ({ codes }: SignInServices, { label }: Flow) => ({
  expiresInMinutes: Math.floor(codes.lifetimeSeconds / 60),
  ...(label && { device: label }),
});

/** Within the budget of the account; counted for an unknown one too. */
const mailed = (
  { counters, codes }: SignInServices,
  { account }: Person,
  flow: Flow,
): Required<Pick<Delivery, 'refusal'>> => ({
  refusal: async () => {
    const sent = await counters.count(counterKeys.codeMails(account, isPasswordless(flow)));
    return sent > codes.accountMails ? 'MAIL_BUDGET_SPENT' : undefined;
  },
});

async function sendMail<Kind extends 'sign-in-code' | 'sign-in-link'>(
  services: SignInServices,
  person: Person,
  flow: Flow,
  kind: Kind,
  data: MailData[Kind],
): Promise<'sent'> {
  if (!person.email) throw new Error('person: no address to send a code to');
  const [{ renderMail }, config] = await Promise.all([
    import('../../core/messages/lazy/mail.ts'),
    inBrandOf(services, person, flow),
  ]);
  await services.mailer.send({
    ...renderMail(kind, languageOf(config, person, flow), data, config),
    to: person.email,
  });
  return 'sent';
}
