import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { NetworkFailure } from '../../../client/index.ts';
import { Button } from '../kit/button.tsx';
import { Page } from '../kit/page.tsx';
import { ProblemNotice } from '../kit/problem-notice.tsx';
import { text } from '../text/text.ts';

export interface PageModule {
  readonly default: ComponentType;
}

/**
 * In place of a page: says so and offers another try, instead of an empty window. What only lacked a connection comes by
 * itself when there is one.
 */
function Fault({ error }: { readonly error: unknown }) {
  const [isOffline] = useState(!navigator.onLine);
  const [triesOffline, setTriesOffline] = useState(0);
  useEffect(() => {
    if (!isOffline) return;
    const reload = () => location.reload();
    window.addEventListener('online', reload);
    return () => window.removeEventListener('online', reload);
  }, [isOffline]);
  // Reloading without a connection would leave the browser's own error page; instead the notice is read out once more.
  const retry = () => (navigator.onLine ? location.reload() : setTriesOffline((tries) => tries + 1));
  return (
    <div class="public-frame">
      <span />
      <div class="column">
        <Page title={text('common', 'fault.title')}>
          <ProblemNotice key={triesOffline} error={isOffline ? new NetworkFailure(error) : error} />
          <Button look="primary" onClick={retry}>
            {text('common', 'tryAgain')}
          </Button>
        </Page>
      </div>
    </div>
  );
}

/** Without a connection there is nobody to tell. */
function report(error: unknown): void {
  if (navigator.onLine) reportError(error);
}

/** A page that broke. */
export class Faults extends Component<{ readonly children: ComponentChildren }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  override componentDidCatch(error: unknown): void {
    this.setState({ error });
    report(error);
  }

  override render() {
    const { error } = this.state;
    return error === undefined ? this.props.children : <Fault error={error} />;
  }
}

/** A page that could not be fetched; the router alone would wait for ever. The address is already that of the page. */
export const orFault = (page: Promise<PageModule>): Promise<PageModule> =>
  page.catch((error: unknown) => {
    report(error);
    return { default: () => <Fault error={error} /> };
  });
