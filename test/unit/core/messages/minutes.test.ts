import { describe, expect, it } from 'vitest';
import { mailCatalogue } from '../../../../lambdas/core/messages/catalogue.ts';
import type { MailData } from '../../../../lambdas/core/messages/texts.ts';

const validFor = (expiresInMinutes: number) =>
  ({
    'sign-in-code': { code: '123456', expiresInMinutes },
    'sign-in-link': { link: 'https://example.com/portal/link', expiresInMinutes },
    'address-code': { code: '123456', expiresInMinutes },
    'recovery-code': { code: '123456', expiresInMinutes },
  }) satisfies Partial<MailData>;

describe.each(Object.entries(mailCatalogue))('a mail in "%s"', (_language, texts) => {
  it.each(['sign-in-code', 'sign-in-link', 'address-code', 'recovery-code'] as const)(
    '%s says one minute in words and ten by number',
    (kind) => {
      const say = (minutes: number) =>
        JSON.stringify(
          (texts[kind] as (data: unknown, brand: string) => unknown)(validFor(minutes)[kind], 'Shop'),
        );
      expect(say(10)).toMatch(/\b10\b|١٠/);
      expect(say(1)).not.toMatch(/(^|\D)1\s+\p{L}/u);
    },
  );
});
