import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { IdentityProblem } from '../../../../client/index.ts';
import { Placeholder } from '../../kit/loading.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { paths, signInThen } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { takeReturn, takeThen } from '../../session/provider-sign-in.ts';
import { session } from '../../session/session.ts';
import { waitingLinkCode } from '../../session/waiting-link-code.ts';
import { PublicPage } from '../../shell/public-frame.tsx';
import { isolated } from '../../text/isolated.ts';
import { text } from '../../text/text.ts';

/** Back from another service: its answer is worth something only in the browser that began, and only once. */
export default function ProviderReturnPage() {
  const { route } = useLocation();
  const [returned] = useState(takeReturn);
  const complete = useAction(async () => {
    if (!returned) return;
    await api.call('POST /v1/sessions/provider/complete', { body: returned });
    session.value = { kind: 'unknown' };
    route(takeThen(), true);
  });
  useEffect(() => void complete.run(), [complete.run]);
  const { error } = complete;
  const link = error instanceof IdentityProblem && error.code === 'LINK_REQUIRED' ? error.link : undefined;
  if (link) {
    return (
      <PublicPage title={text('sign-in', 'providerPage.link.title')}>
        <Notice>{text('sign-in', 'providerPage.link', { code: isolated(link.code) })}</Notice>
        <a
          class="button primary"
          href={signInThen(paths.links)}
          onClick={() => {
            waitingLinkCode.value = link.code;
          }}
        >
          {text('sign-in', 'providerPage.link.submit')}
        </a>
      </PublicPage>
    );
  }
  const isOver = error instanceof IdentityProblem && error.code === 'FLOW_REJECTED';
  const isRefused = !returned || isOver;
  return (
    <PublicPage title={text('sign-in', error || !returned ? 'refused.title' : 'providerPage.title')}>
      {!isRefused && error === undefined && <Placeholder lines={2} />}
      {isRefused ? (
        <Notice kind="warning">{text('sign-in', 'providerPage.failed')}</Notice>
      ) : (
        <ProblemNotice error={error} area="sign-in" />
      )}
      {(isRefused || error !== undefined) && (
        <a class="button primary" href={paths.signIn}>
          {text('sign-in', 'providerPage.back')}
        </a>
      )}
    </PublicPage>
  );
}
