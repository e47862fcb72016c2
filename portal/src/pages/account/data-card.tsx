import { useState } from 'preact/hooks';
import { Button } from '../../kit/button.tsx';
import { Card } from '../../kit/card.tsx';
import { Icon } from '../../kit/icons.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
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
    saveFile(`account-${data.exportedAt.slice(0, 10)}.json`, JSON.stringify(data, null, 2));
    setSaved(true);
  });
  return (
    <Card title={text('privacy', 'data.title')}>
      <p>{text('privacy', 'data.lead')}</p>
      {isSaved && <Notice kind="done">{text('privacy', 'data.done')}</Notice>}
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

function saveFile(name: string, json: string): void {
  const url = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the file over once the click is done.
  setTimeout(() => URL.revokeObjectURL(url));
}
