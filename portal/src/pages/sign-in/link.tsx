import { useState } from 'preact/hooks';
import { createSignIn } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { PublicPage } from '../../shell/public-frame.tsx';
import { text } from '../../text/text.ts';
import { useFragment } from '../recovery/use-fragment.ts';
import { tellSignedIn, useGoOn } from './flow.ts';

/** Where a mailed link leads. Opening it does nothing, wherever that is: a press does, in the browser where one began. */
export default function Link() {
  const secret = useFragment();
  const goOn = useGoOn();
  const [flow] = useState(() => {
    const begun = createSignIn(api, { mode: 'cookie', storage: localStorage });
    begun.restore();
    return begun;
  });
  const [state, setState] = useState(flow.state);
  const open = useAction(async () => {
    const after = await flow.link(secret);
    setState(after);
    if (after.step !== 'signed-in') return;
    tellSignedIn();
    goOn();
  });
  if (secret === '') {
    return (
      <PublicPage title={text('sign-in', 'linkPage.title')}>
        <Notice kind="warning">{text('sign-in', 'linkPage.noSecret')}</Notice>
        <StartOver look="primary" />
      </PublicPage>
    );
  }
  if (state.step === 'identify') return <Elsewhere secret={secret} />;
  const isRefused = state.step !== 'challenge' || state.notice === 'rejected';
  return (
    <PublicPage title={text('sign-in', 'linkPage.title')} lead={text('sign-in', 'linkPage.lead')}>
      {isRefused && state.step !== 'signed-in' && (
        <Notice kind="warning">{text('sign-in', 'linkPage.rejected')}</Notice>
      )}
      {state.step === 'challenge' && <ProblemNotice error={state.problem} area="sign-in" />}
      {isRefused && state.step !== 'signed-in' ? (
        <StartOver look="primary" />
      ) : (
        <Button look="primary" busy={open.busy} onClick={() => void open.run()}>
          {text('sign-in', 'linkPage.submit')}
        </Button>
      )}
    </PublicPage>
  );
}

/** Another browser: the link is worth nothing here, and may be carried to where it is. */
function Elsewhere({ secret }: { readonly secret: string }) {
  const copy = useAction(async () => {
    await navigator.clipboard.writeText(`${location.origin}${paths.link}#${secret}`);
    setIsCopied(true);
  });
  const [isCopied, setIsCopied] = useState(false);
  return (
    <PublicPage
      title={text('sign-in', 'linkPage.elsewhere.title')}
      lead={text('sign-in', 'linkPage.elsewhere.lead')}
    >
      {isCopied && <Notice kind="done">{text('sign-in', 'linkPage.copied')}</Notice>}
      <div class="stack">
        <Button look="primary" busy={copy.busy} onClick={() => void copy.run()}>
          {text('sign-in', 'linkPage.copy')}
        </Button>
        <StartOver />
      </div>
    </PublicPage>
  );
}

function StartOver({ look = '' }: { readonly look?: 'primary' | '' }) {
  return (
    <a class={`button ${look}`} href={paths.signIn}>
      {text('sign-in', 'linkPage.again')}
    </a>
  );
}
