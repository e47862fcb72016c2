import { useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Card } from '../../kit/card.tsx';
import { Done } from '../../kit/done.tsx';
import { Icon, type IconName } from '../../kit/icons.tsx';
import { Show } from '../../kit/loading.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page } from '../../kit/page.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useResource } from '../../kit/use-resource.ts';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { ago, day, number } from '../../text/intl.ts';
import { language, text } from '../../text/text.ts';
import { accountFacts, purposeNames, usesOf } from './account-facts.ts';
import { type AccountFacts, attentionOf } from './attention.ts';
import { AttentionList } from './attention-list.tsx';
import type { Profile } from './field-values.ts';
import { forgetEvent, rememberEvent } from './known-events.ts';
import { QuestionCard } from './question-card.tsx';
import { deviceName } from './sessions/device-name.ts';
import './account.css';

const fetchProfile = () => api.call('GET /v1/me/profile', { query: { locale: language.value } });

/** At once, so that the page appears in one piece and nothing moves afterwards. */
const fetchAll = () =>
  Promise.all([
    accountFacts(),
    api.call('GET /v1/me/prompts', { query: { locale: language.value } }),
    fetchProfile(),
  ]);

export default function Overview() {
  const all = useResource(fetchAll, [language.value]);
  return (
    <Page title={text('account', 'overview.title')}>
      <Show of={all} lines={14}>
        {([facts, { prompts }, profile]) => <Cards facts={facts} prompts={prompts} profile={profile} />}
      </Show>
      <QuickLinks />
    </Page>
  );
}

interface CardsProps {
  readonly facts: AccountFacts;
  readonly prompts: AnswerOf<'GET /v1/me/prompts'>['prompts'];
  readonly profile: Profile;
}

function Cards({ facts, prompts, profile }: CardsProps) {
  const [changes, setChanges] = useState(0);
  return (
    <>
      <Card title={text('account', 'attention.title')}>
        <WhatNeedsAttention facts={facts} />
      </Card>
      {prompts.length > 0 && (
        <QuestionCard
          prompts={prompts}
          useOf={usesOf(facts.consents)}
          onProgress={() => setChanges((count) => count + 1)}
        />
      )}
      <div class="grid">
        <Card title={text('account', 'last.title')}>
          <LastSignIn {...facts} />
        </Card>
        <Card title={text('account', 'about.title')}>
          <AboutYou read={profile} changes={changes} />
        </Card>
      </div>
    </>
  );
}

interface AboutYouProps {
  readonly read: Profile;
  /** How many answers were given since it was read. */
  readonly changes: number;
}

function AboutYou({ read, changes }: AboutYouProps) {
  const fresh = useResource(() => (changes === 0 ? Promise.resolve(read) : fetchProfile()), [changes]);
  const { email, createdAt, completeness } = fresh.state === 'ready' ? fresh.value : read;
  return (
    <div class="stack tight">
      {email && <p class="break">{email}</p>}
      {createdAt && <p class="muted small">{text('account', 'about.since', { when: day(createdAt) })}</p>}
      <Completeness percent={completeness} />
      {fresh.state === 'failed' && <ProblemNotice error={fresh.error} area="account" />}
    </div>
  );
}

function WhatNeedsAttention({ facts }: { readonly facts: AccountFacts }) {
  const [known, setKnown] = useState(facts.known);
  /** The sign-in that the person has just called their own. */
  const [mine, setMine] = useState<string>();
  const items = attentionOf({ ...facts, known });
  const names = purposeNames(facts.consents);
  const undo = (id: string) => {
    forgetEvent(id);
    setKnown(known.filter((each) => each !== id));
    setMine(undefined);
  };
  return (
    <>
      <Done>
        {mine !== undefined && (
          <div class="spread">
            {text('account', 'attention.sign-in.known')}
            <Button look="link" onClick={() => undo(mine)}>
              {text('account', 'attention.sign-in.undo')}
            </Button>
          </div>
        )}
      </Done>
      {items.length === 0 && <Notice kind="done">{text('account', 'attention.nothing')}</Notice>}
      {items.length > 0 && (
        <AttentionList
          items={items}
          nameOf={({ purpose }) => names(purpose)}
          onKnown={(id) => {
            rememberEvent(id);
            setKnown([id, ...known]);
            setMine(id);
          }}
        />
      )}
    </>
  );
}

/** Here, and by a provider's pages. */
const signIns = ['sign-in.succeeded', 'session.begun'];

/** The sign-in before this one: the line by which people notice that somebody else was here. */
function LastSignIn({ events, sessions }: AccountFacts) {
  const here = sessions.find(({ current }) => current);
  const before = events.find(({ type, at }) => signIns.includes(type) && at !== here?.startedAt);
  return (
    <dl class="facts narrow">
      <dt>{text('account', 'last.now')}</dt>
      <dd>{deviceName(here?.device)}</dd>
      <dt>{text('account', 'last.before')}</dt>
      <dd>
        {before
          ? text('account', 'last.when', {
              device: deviceName(before.device),
              when: ago(before.at),
            })
          : text('account', 'last.none')}
      </dd>
      <dt>{text('account', 'last.sessions')}</dt>
      <dd>
        <a class="touch" href={paths.sessions}>
          {text('account', 'last.count', { count: sessions.length })}
        </a>
      </dd>
    </dl>
  );
}

function Completeness({ percent }: { readonly percent: number }) {
  const label = text('account', 'about.complete', { percent: number(percent) });
  return (
    <>
      <p id="completeness">{label}</p>
      <progress aria-labelledby="completeness" value={percent} max={100} />
      {percent < 100 && (
        <a class="touch" href={paths.profile}>
          {text('account', 'about.fill')}
        </a>
      )}
    </>
  );
}

const quickLinks = [
  ['profile', 'user'],
  ['security', 'shield'],
  ['sessions', 'devices'],
  ['links', 'link'],
  ['activity', 'history'],
  ['privacy', 'lock'],
] as const satisfies readonly (readonly [keyof typeof paths, IconName])[];

function QuickLinks() {
  return (
    <nav class="quick-links" aria-label={text('account', 'quick.title')}>
      {quickLinks.map(([place, icon]) => (
        <a key={place} href={paths[place]}>
          <Icon name={icon} />
          <span>
            <strong>{text('account', `nav.${place}`)}</strong>
            <span class="muted small">{text('account', `quick.${place}`)}</span>
          </span>
        </a>
      ))}
    </nav>
  );
}
