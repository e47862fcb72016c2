import type { Mailer } from '../../ports.ts';
import { inBrand } from '../brand.ts';
import type { ServiceConfiguration } from '../configuration.ts';
import { renderMail } from '../messages/render.ts';
import type { ErasureContact, ErasureMarker } from './erasure.ts';

/**
 * In the brand and language of its owner. A run that dies between the mail and its note sends it again: twice is better
 * than never. @throws when the mail could not be handed over
 */
export const sendFarewell = (
  mailer: Mailer,
  config: Pick<ServiceConfiguration, 'brand' | 'brands' | 'languages'>,
  { at, brand }: ErasureMarker,
  { email, locale }: ErasureContact,
): Promise<void> =>
  mailer.send({ to: email, ...renderMail('account-erased', locale, { at }, inBrand(config, brand)) });
