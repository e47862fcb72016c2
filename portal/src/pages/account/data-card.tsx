import { useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { Card } from '../../kit/card.tsx';
import { Done } from '../../kit/done.tsx';
import { Icon } from '../../kit/icons.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { saveJson } from '../../kit/save-file.ts';
import { useAction } from '../../kit/use-action.ts';
import { api } from '../../session/api.ts';
import { withStepUp } from '../../session/step-up.tsx';
import { text } from '../../text/text.ts';

/** Everything that is kept about the person, as a file. */
export function DataCard() {
  const [isSaved, setSaved] = useState(false);
  const download = useAction(async () => {
    setSaved(false);
    const data = await withStepUp(() => api.call('GET /v1/me/data'));
    saveJson(`account-${data.exportedAt.slice(0, 10)}.json`, data);
    setSaved(true);
  });
  return (
    <Card title={text('privacy', 'data.title')}>
      <p>{text('privacy', 'data.lead')}</p>
      <Done>{isSaved && text('privacy', 'data.done')}</Done>
      <ProblemNotice error={download.error} area="privacy" />
      <div class="actions">
        <Button busy={download.busy} onClick={() => download.run()}>
          <Icon name="download" />
          {text('privacy', 'data.action')}
        </Button>
      </div>
    </Card>
  );
}
