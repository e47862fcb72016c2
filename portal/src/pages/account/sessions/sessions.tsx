import { useEffect } from 'preact/hooks';
import { Show } from '../../../kit/loading.tsx';
import { Page } from '../../../kit/page.tsx';
import { useResource } from '../../../kit/use-resource.ts';
import { api } from '../../../session/api.ts';
import { text } from '../../../text/text.ts';
import { CurrentSession } from './current-session.tsx';
import { Devices } from './devices.tsx';
import { OtherSessions } from './other-sessions.tsx';
import type { Session } from './session-words.ts';
import { isSettled, lookAgainAfterMs } from './settling.ts';
import './sessions.css';

/** Where one is signed in, and which devices are known. */
export default function Sessions() {
  const sessions = useResource(() => api.call('GET /v1/me/sessions').then((answer) => answer.sessions));
  const devices = useResource(() => api.call('GET /v1/me/devices').then((answer) => answer.devices));
  const reloadAll = () => {
    sessions.reload();
    devices.reload();
  };
  useEffect(() => {
    const onShown = () => document.visibilityState === 'visible' && reloadAll();
    document.addEventListener('visibilitychange', onShown);
    return () => document.removeEventListener('visibilitychange', onShown);
  }, []);
  const isListed = sessions.state !== 'ready' || isSettled(sessions.value);
  useEffect(() => {
    if (isListed) return;
    // The list is written seconds behind a sign-in.
    let round = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = () => {
      const wait = lookAgainAfterMs(round);
      if (wait === undefined) return;
      round += 1;
      timer = setTimeout(() => {
        reloadAll();
        next();
      }, wait);
    };
    next();
    return () => clearTimeout(timer);
  }, [isListed]);
  return (
    <Page title={text('security', 'sessions.title')} lead={text('security', 'sessions.lead')}>
      <Show of={sessions} lines={8}>
        {(value: readonly Session[]) => (
          <>
            {value
              .filter(({ current }) => current)
              .map((session) => (
                <CurrentSession key={session.id} session={session} reload={reloadAll} />
              ))}
            <OtherSessions sessions={value.filter(({ current }) => !current)} reload={reloadAll} />
          </>
        )}
      </Show>
      <Devices devices={devices} />
    </Page>
  );
}
