import { useState } from 'preact/hooks';
import { Button } from '../../../kit/button.tsx';
import { Card } from '../../../kit/card.tsx';
import { number } from '../../../text/intl.ts';
import { text } from '../../../text/text.ts';
import type { Statistics } from './counts.ts';
import { EndNetworkDialog } from './end-network-dialog.tsx';
import { Scroll } from './scroll.tsx';
import { share } from './words.ts';

type Network = Statistics['topNetworks'][number];

/** Rows that are seen at once; whoever follows a wave looks at the first ones. */
const rowsAtFirst = 10;

export function NetworksCard({ of }: { readonly of: Statistics }) {
  const { topNetworks, unlistedAtMost, from } = of;
  const [isAll, setAll] = useState(false);
  const [asked, setAsked] = useState<string>();
  const rows = isAll ? topNetworks : topNetworks.slice(0, rowsAtFirst);
  return (
    <Card title={text('operator', 'networks')} place="networks">
      <p class="hint">{text('operator', 'networks.hint')}</p>
      {rows.length === 0 ? (
        <p class="muted small">{text('operator', 'nothing')}</p>
      ) : (
        <NetworkTable of={rows} onEnd={setAsked} />
      )}
      {rows.length < topNetworks.length && (
        <Button class="narrow" onClick={() => setAll(true)}>
          {text('operator', 'networks.all', { count: topNetworks.length })}
        </Button>
      )}
      {unlistedAtMost > 0 && (
        <p class="hint">{text('operator', 'networks.unlisted', { count: unlistedAtMost })}</p>
      )}
      {asked !== undefined && (
        <EndNetworkDialog network={asked} from={`${from}T00:00:00Z`} onClose={() => setAsked(undefined)} />
      )}
    </Card>
  );
}

function NetworkTable({
  of,
  onEnd,
}: {
  readonly of: readonly Network[];
  readonly onEnd: (network: string) => void;
}) {
  return (
    <Scroll label={text('operator', 'networks.network')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{text('operator', 'networks.network')}</th>
            <th scope="col">{text('operator', 'networks.events')}</th>
            <th scope="col">{text('operator', 'networks.refused')}</th>
            <th scope="col">{text('operator', 'networks.sessions')}</th>
          </tr>
        </thead>
        <tbody>
          {of.map(({ network, count, error, refused }) => (
            <tr key={network}>
              <th scope="row">
                <code>{network}</code>
              </th>
              <td>
                {number(count)}
                {error > 0 && (
                  <span class="muted small"> {text('operator', 'networks.inexact', { count: error })}</span>
                )}
              </td>
              <td>
                {number(refused)} <span class="muted small">{share(refused, count)}</span>
              </td>
              <td>
                <Button
                  look="link"
                  aria-label={text('operator', 'networks.end.of', { network })}
                  onClick={() => onEnd(network)}
                >
                  {text('operator', 'networks.end')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
