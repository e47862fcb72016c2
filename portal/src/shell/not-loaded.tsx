import { Button } from '../kit/button.tsx';
import { Notice } from '../kit/notice.tsx';
import { Page } from '../kit/page.tsx';
import { text } from '../text/text.ts';

/** In place of a page whose script could not be fetched; the address is already that of the page. */
export function NotLoaded() {
  return (
    <Page title={text('common', 'notLoaded.title')}>
      <Notice kind="error">{text('common', 'problem.offline')}</Notice>
      {/* Reloading without a connection would leave the browser's own error page. */}
      <Button class="narrow" onClick={() => navigator.onLine && location.reload()}>
        {text('common', 'tryAgain')}
      </Button>
    </Page>
  );
}
