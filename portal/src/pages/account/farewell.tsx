import { useEffect } from 'preact/hooks';
import { paths } from '../../paths.ts';
import { session } from '../../session/session.ts';
import { PublicPage } from '../../shell/public-frame.tsx';
import { text } from '../../text/text.ts';

/** The account is being deleted; nobody is signed in any more. */
export default function Farewell() {
  useEffect(() => {
    session.value = { kind: 'none' };
  }, []);
  return (
    <PublicPage title={text('privacy', 'farewell.title')}>
      <p>{text('privacy', 'farewell.body')}</p>
      <p class="muted">{text('privacy', 'farewell.mail')}</p>
      <a class="button" href={paths.signIn}>
        {text('privacy', 'farewell.action')}
      </a>
    </PublicPage>
  );
}
