import { codeLength } from '../../core/challenge/flow.ts';
import type { Sub } from '../../core/ids.ts';
import { maskedNumber, smsText } from '../../core/messages/sms.ts';
import { inBrandOf } from './brand.ts';
import { deliver, deliveryParameters } from './delivery.ts';
import { languageOf } from './language.ts';
import { fitsCode, type MethodRound } from './round.ts';

/** Eight digits to the enrolled phone. A restricted method (NIST SP 800-63B-4): never the only one on offer by policy. */
export const smsCode: MethodRound = {
  compares: true,
  delivers: true,
  ask: async (services, person, flow, { address }) => {
    const sub = person.account as string as Sub;
    const { phone } = await services.factors.list(sub);
    const asked = await deliver(services, person, flow, {
      method: 'sms-code',
      makeSecret: () => services.random.digits(codeLength),
      send: async (code) => {
        if (!phone) return 'refused'; // taken out since the decision
        const config = await inBrandOf(services, person, flow);
        const text = smsText('sign-in-code', languageOf(config, person, flow), { code }, config);
        const { number: to, country } = phone;
        return services.sms.send({
          to,
          country,
          text,
          kind: 'sign-in-code',
          sub,
          ...(address && { address }),
        });
      },
    });
    const parameters = deliveryParameters(services, asked, phone ? maskedNumber(phone.number) : '***');
    return { flow: asked, parameters: { ...parameters, codeLength: `${codeLength}` } };
  },
  prove: async (services, person, claim, text) => {
    if (!claim.code || !(await fitsCode(services, person, claim, text))) return false;
    const { clock, codes, factors, sms } = services;
    const sub = person.account as string as Sub;
    const { phone } = await factors.list(sub);
    const sentAt = claim.code.expiresAt - codes.lifetimeSeconds * 1000;
    // Taken out or replaced since: the number that got the code proves nothing any more.
    if (!phone || Date.parse(phone.enrolledAt) > sentAt) return false;
    await factors.usePhone(sub, new Date(clock.now()).toISOString());
    await sms.answered({ to: phone.number, country: phone.country });
    return true;
  },
};
