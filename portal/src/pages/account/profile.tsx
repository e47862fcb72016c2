import { useState } from 'preact/hooks';
import { configuration } from '../../configuration.ts';
import { Card } from '../../kit/card.tsx';
import { Select } from '../../kit/choice.tsx';
import { Done } from '../../kit/done.tsx';
import { Show } from '../../kit/loading.tsx';
import { Page } from '../../kit/page.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { useResource } from '../../kit/use-resource.ts';
import { paths } from '../../paths.ts';
import { api } from '../../session/api.ts';
import { changeLanguage, type Language, language, languageNames, languages, text } from '../../text/text.ts';
import { usesOf } from './account-facts.ts';
import { AddressCard } from './address-card.tsx';
import type { Consent } from './attention.ts';
import type { FieldValue, Profile } from './field-values.ts';
import { ProfileField } from './profile-field.tsx';
import './account.css';

const readProfile = () => api.call('GET /v1/me/profile', { query: { locale: language.value } });
const readBoth = () =>
  Promise.all([readProfile(), api.call('GET /v1/me/consents', { query: { locale: language.value } })]);

export default function ProfilePage() {
  const both = useResource(readBoth, [language.value]);
  return (
    <Page title={text('account', 'profile.title')} lead={text('account', 'profile.lead')}>
      <Show of={both} lines={9}>
        {([profile, { consents }]) => (
          <Cards key={language.value} read={profile} consents={consents} onReload={both.reload} />
        )}
      </Show>
    </Page>
  );
}

interface CardsProps {
  readonly read: Profile;
  readonly consents: readonly Consent[];
  readonly onReload: () => void;
}

function Cards({ read, consents, onReload }: CardsProps) {
  const [changed, setChanged] = useState<Profile>();
  const [done, setDone] = useState<string>();
  // A fresh reading takes the place of what this page has changed itself.
  const profile = changed && changed.version >= read.version ? changed : read;
  const change = async (body: { fields?: Record<string, FieldValue | null>; locale?: string }) =>
    setChanged(
      await api.call('PATCH /v1/me/profile', {
        body,
        query: { locale: language.value },
        headers: { 'if-match': `"${profile.version}"` },
      }),
    );
  const readAgain = async () => {
    const now = await readProfile();
    setChanged(now);
    return now;
  };
  const hidden = consents.filter(({ active }) => !active);
  return (
    <>
      <Card title={text('account', 'profile.about')}>
        <ul class="rows fields">
          {profile.schema.map((question) => (
            <ProfileField
              key={question.field}
              question={question}
              profile={profile}
              useOf={usesOf(consents)}
              onSave={async (field, value) => {
                setDone(undefined);
                await change({ fields: { [field]: value } });
                const said = value === null ? 'profile.removed' : 'profile.saved';
                setDone(text('account', said, { label: question.label }));
              }}
              onConflict={readAgain}
            />
          ))}
        </ul>
        <Done>{done}</Done>
        {hidden.length > 0 && (
          <div>
            <p class="hint">{text('account', 'profile.hidden')}</p>
            <a class="touch" href={paths.privacy}>
              {text('account', 'profile.hidden.link')}
            </a>
          </div>
        )}
      </Card>
      <AddressCard email={profile.email} onChanged={onReload} />
      <LanguageCard
        locale={profile.locale}
        onLocale={async (locale) => {
          await change({ locale });
          await changeLanguage(locale);
        }}
      />
    </>
  );
}

interface LanguageCardProps {
  readonly locale: string | undefined;
  readonly onLocale: (locale: Language) => Promise<void>;
}

/** Mails follow the account's language; the pages change with it, so that one choice is enough. */
function LanguageCard({ locale, onLocale }: LanguageCardProps) {
  const choose = useAction(onLocale);
  const offered = languages.filter((tag) => configuration.value.languages.includes(tag));
  const chosen = offered.find((tag) => tag === locale?.split('-')[0]);
  return (
    <Card title={text('common', 'language')}>
      <Select
        label={text('account', 'language.label')}
        hint={text('account', 'language.hint')}
        options={offered.map((tag) => ({ value: tag, label: languageNames[tag] }))}
        value={chosen}
        onValue={(tag) => choose.run(tag)}
        {...(chosen === undefined && { empty: text('account', 'field.choose') })}
      />
      <ProblemNotice error={choose.error} area="account" />
    </Card>
  );
}
