import type { Grant } from '../../iam/index.ts';
import { type Html, html, table } from '../html.ts';
import { shortArn, shortName } from '../words.ts';

export const grants = (list: readonly Grant[]): Html => {
  const used = list.filter((grant) => grant.used > 0);
  const unused = list.filter((grant) => grant.used === 0);
  return html`<p>What the roles may do, and what was really needed since the start:
      <strong>${used.length} grants used, ${unused.length} not used yet.</strong></p>
    <details id="grants-unused"><summary>Not used yet <span class="quiet">${unused.length}</span></summary>${grantTable('Grants not used yet', unused)}</details>
    <details id="grants-used"><summary>Used <span class="quiet">${used.length}</span></summary>${grantTable('Grants used', used)}</details>`;
};

const grantTable = (caption: string, list: readonly Grant[]): Html =>
  table(
    caption,
    ['Role', 'May', 'On', { number: 'Used' }],
    list.map(({ roleName, effect, action, resources, conditional, used }) => [
      html`<span title="${roleName}">${shortName(roleName)}</span>`,
      html`${effect === 'Deny' && html`<strong class="bad">not</strong> `}<code>${action}</code>${conditional && html` <span class="quiet">under conditions</span>`}`,
      resources.map((arn) => html`<code title="${arn}">${shortArn(arn)}</code><br>`),
      used,
    ]),
    'None.',
  );
