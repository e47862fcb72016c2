import { number } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import { type Statistics, sumOf, sumsBy } from './counts.ts';
import { money, share } from './words.ts';

/** The few numbers that say whether anything is wrong, each leading to what it is made of. */
export function Headlines({ of: { families } }: { readonly of: Statistics }) {
  const { registrations, signIns, challenges, spend } = families;
  const [succeeded, turnedAway] = [
    sumOf(signIns, 'succeeded'),
    sumOf(signIns, 'refused') + sumOf(signIns, 'locked'),
  ];
  const lines = [
    {
      to: 'registrations',
      label: text('operator', 'headline.registrations'),
      value: number(sumOf(registrations, 'confirmed')),
    },
    { to: 'sign-ins', label: text('operator', 'headline.signIns'), value: number(succeeded) },
    {
      to: 'sign-ins',
      label: text('operator', 'headline.refused'),
      value: number(turnedAway),
      detail: text('operator', 'headline.refused.share', {
        share: share(turnedAway, succeeded + turnedAway),
      }),
    },
    {
      to: 'challenges',
      label: text('operator', 'headline.challenges'),
      value: number(sumOf(challenges, 'asked')),
    },
    {
      to: 'messages',
      label: text('operator', 'headline.spend'),
      value: money([...sumsBy(spend, 'mail'), ...sumsBy(spend, 'sms:')].reduce((sum, one) => sum + one, 0)),
    },
  ];
  return (
    <ul class="headlines" aria-label={text('operator', 'headlines')}>
      {lines.map(({ to, label, value, detail }) => (
        <li key={label}>
          <a href={`#${to}`}>
            <span class="muted small">{label}</span>
            <strong>{value}</strong>
            {detail && <span class="muted small">{detail}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}
