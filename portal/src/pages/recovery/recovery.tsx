import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Steps } from '../../kit/steps.tsx';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { PublicPage } from '../../shell/public-frame.tsx';
import { moment } from '../../text/intl.ts';
import { isolated } from '../../text/isolated.ts';
import { language, text } from '../../text/text.ts';
import { AddressForm } from './address-form.tsx';
import { useMailedCode } from './mailed-code.ts';
import { type Proof, ProofForm } from './proof-form.tsx';

type Answer = AnswerOf<'POST /v1/recoveries/confirm'>;
type Stage =
  | { readonly at: 'prove' | 'complete' | 'completed' }
  | { readonly at: 'told'; readonly answer: Answer };

/** The way back for somebody who lost every further factor: prove, wait, prove again. */
export default function Recovery() {
  const [stage, setStage] = useState<Stage>({ at: 'prove' });
  const code = useMailedCode((identifier) =>
    api.call('POST /v1/recoveries', { body: { identifier, locale: language.value } }),
  );
  const confirm = async (proof: Proof) => {
    const answer = await api.call('POST /v1/recoveries/confirm', { body: proof });
    code.startOver();
    setStage({ at: 'told', answer });
  };
  const complete = async (proof: Proof) => {
    await api.call('POST /v1/recoveries/complete', { body: proof });
    setStage({ at: 'completed' });
  };
  const sendForCompletion = async () => {
    await code.send.run();
    setStage({ at: 'complete' });
  };
  if (stage.at === 'completed') return <End name="done" />;
  if (stage.at === 'told' && stage.answer.state === 'not-needed') return <End name="notNeeded" />;
  if (stage.at === 'told' && stage.answer.state === 'waiting') return <Waiting answer={stage.answer} />;
  if (stage.at === 'told') {
    return (
      <PublicPage
        title={text('sign-in', 'recovery.ready.title')}
        lead={text('sign-in', 'recovery.ready.body')}
      >
        <Progress current={2} />
        <Button look="primary" busy={code.send.busy} onClick={() => void sendForCompletion()}>
          {text('sign-in', 'recovery.ready.send')}
        </Button>
      </PublicPage>
    );
  }
  const isCompleting = stage.at === 'complete';
  return (
    <PublicPage title={text('sign-in', 'recovery.title')} lead={text('sign-in', 'recovery.lead')}>
      <Progress current={isCompleting ? 2 : 0} />
      {code.sent ? (
        <ProofForm
          key={stage.at}
          code={code}
          password="current-password"
          submit={text('sign-in', isCompleting ? 'recovery.complete' : 'confirm.submit')}
          onProof={isCompleting ? complete : confirm}
        />
      ) : (
        <>
          <p>{text('sign-in', 'recovery.how')}</p>
          <AddressForm code={code} />
        </>
      )}
      <nav class="foot" aria-label={text('sign-in', 'trouble')}>
        <a href={paths.signIn}>{text('common', 'signIn')}</a>
        <a href={paths.resetPassword}>{text('sign-in', 'recovery.forgotten')}</a>
      </nav>
    </PublicPage>
  );
}

function Progress({ current }: { readonly current: number }) {
  const names = (['prove', 'wait', 'complete'] as const).map((step) =>
    text('sign-in', `recovery.step.${step}`),
  );
  return <Steps names={names} current={current} />;
}

function Waiting({ answer }: { readonly answer: Answer }) {
  return (
    <PublicPage title={text('sign-in', 'recovery.waiting.title')}>
      <Progress current={1} />
      {answer.readyAt !== undefined && (
        <p class="date">
          {text('sign-in', 'recovery.waiting.until', { time: isolated(moment(answer.readyAt)) })}
        </p>
      )}
      {answer.expiresAt !== undefined && (
        <p class="muted">
          {text('sign-in', 'recovery.waiting.end', { time: isolated(moment(answer.expiresAt)) })}
        </p>
      )}
      <Notice>{text('sign-in', 'recovery.waiting.body')}</Notice>
      <a class="button" href={paths.signIn}>
        {text('common', 'signIn')}
      </a>
    </PublicPage>
  );
}

function End({ name }: { readonly name: 'done' | 'notNeeded' }) {
  return (
    <PublicPage title={text('sign-in', `recovery.${name}.title`)}>
      <Notice kind="done">{text('sign-in', `recovery.${name}.body`)}</Notice>
      <a class="button primary" href={paths.signIn}>
        {text('common', 'signIn')}
      </a>
    </PublicPage>
  );
}
