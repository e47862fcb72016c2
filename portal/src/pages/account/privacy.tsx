import { useState } from 'preact/hooks';
import { Card } from '../../kit/card.tsx';
import { Show } from '../../kit/loading.tsx';
import { Page } from '../../kit/page.tsx';
import { useResource } from '../../kit/use-resource.ts';
import { api } from '../../session/api.ts';
import { language, text } from '../../text/text.ts';
import { purposeNames } from './account-facts.ts';
import { ConsentCard } from './consent-card.tsx';
import { ConsentHistory } from './consent-history.tsx';
import { DataCard } from './data-card.tsx';
import { ErasureCard } from './erasure-card.tsx';
import './account.css';

const readBoth = () =>
  Promise.all([
    api.call('GET /v1/me/consents', { query: { locale: language.value } }),
    api.call('GET /v1/me/profile', { query: { locale: language.value } }),
  ]);

export default function Privacy() {
  const both = useResource(readBoth, [language.value]);
  /** Raised by each answer, so that the history shows it. */
  const [answers, setAnswers] = useState(0);
  return (
    <Page title={text('account', 'nav.privacy')} lead={text('privacy', 'lead')}>
      <Show of={both} lines={12}>
        {([{ consents }, profile]) => (
          <>
            {consents.map((consent) => (
              <ConsentCard
                key={consent.purpose}
                consent={consent}
                kept={profile.schema
                  .filter(({ field, purpose }) => purpose === consent.purpose && profile.fields[field])
                  .map(({ label }) => label)}
                onAnswered={() => {
                  setAnswers(answers + 1);
                  both.reload();
                }}
              />
            ))}
            <Card title={text('privacy', 'history.title')}>
              <ConsentHistory answers={answers} purposeName={purposeNames(consents)} />
            </Card>
          </>
        )}
      </Show>
      <DataCard />
      <ErasureCard />
    </Page>
  );
}
