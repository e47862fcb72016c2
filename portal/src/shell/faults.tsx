import { Component, type ComponentChildren } from 'preact';
import { NetworkFailure } from '../../../client/index.ts';
import { Button } from '../kit/button.tsx';
import { ProblemNotice } from '../kit/problem-notice.tsx';
import { text } from '../text/text.ts';

/** A page that could not be fetched or that broke: says so and offers another try, instead of an empty window. */
export class Faults extends Component<{ readonly children: ComponentChildren }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  override componentDidCatch(error: unknown): void {
    this.setState({ error });
    // Without a connection there is nobody to tell.
    if (navigator.onLine) reportError(error);
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div class="public-frame">
        <span />
        <main class="column page">
          <h1>{text('common', 'fault.title')}</h1>
          <ProblemNotice error={navigator.onLine ? error : new NetworkFailure(error)} />
          <Button look="primary" onClick={() => location.reload()}>
            {text('common', 'tryAgain')}
          </Button>
        </main>
      </div>
    );
  }
}

/** A page that could not be fetched fails where {@link Faults} sees it; the router alone would wait for ever. */
export const orFault = async <Module,>(page: Promise<Module>): Promise<Module> => {
  try {
    return await page;
  } catch (error) {
    const fail = () => {
      throw error;
    };
    return { default: fail } as Module;
  }
};
