import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { IdentityProblem } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { day } from '../../text/intl.ts';
import { text } from '../../text/text.ts';
import type { UseOf } from './account-facts.ts';
import { FieldInput } from './field-input.tsx';
import {
  draftOf,
  draftProblem,
  type FieldValue,
  type Profile,
  type Question,
  shownValue,
  typedValue,
} from './field-values.ts';
import { type FieldChange, fieldChanges } from './profile-changes.ts';

export interface ProfileFieldProps {
  readonly question: Question;
  readonly profile: Profile;
  readonly useOf: UseOf;
  /** Stores one field; `null` removes it. */
  readonly onSave: (field: string, value: FieldValue | null) => Promise<void>;
  /** The profile as it stands now, after a refusal because somebody changed it meanwhile. */
  readonly onConflict: () => Promise<Profile>;
}

/** One value with where it comes from; opens into a form in its place. */
export function ProfileField({ question, profile, useOf, onSave, onConflict }: ProfileFieldProps) {
  const record = profile.fields[question.field];
  const [isOpen, setOpen] = useState(false);
  const edit = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(false);
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen) edit.current?.querySelector('button')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  if (isOpen) {
    return (
      <li class="editing">
        <FieldForm
          question={question}
          profile={profile}
          onSave={onSave}
          onConflict={onConflict}
          onClose={() => setOpen(false)}
        />
      </li>
    );
  }
  return (
    <li>
      <div class="about" ref={edit}>
        <div class="spread">
          <span class="label">{question.label}</span>
          <Button
            look="link"
            aria-label={text('account', record ? 'profile.edit.of' : 'profile.add.of', {
              label: question.label,
            })}
            onClick={() => setOpen(true)}
          >
            {text('account', record ? 'profile.edit' : 'profile.add')}
          </Button>
        </div>
        {record ? (
          <div class="value">{shownValue(question, record.value)}</div>
        ) : (
          <div class="muted">{text('account', 'profile.none')}</div>
        )}
        <div class="detail">
          {useOf('profile.for', question.purpose)}
          {record && ` · ${text('account', `source.${record.source}`, { when: day(record.at) })}`}
        </div>
      </div>
    </li>
  );
}

const isConflict = (error: unknown): boolean =>
  error instanceof IdentityProblem && error.code === 'PROFILE_CONFLICT';

function FieldForm({
  question,
  profile,
  onSave,
  onConflict,
  onClose,
}: Omit<ProfileFieldProps, 'useOf'> & { readonly onClose: () => void }) {
  const { field } = question;
  const record = profile.fields[field];
  const [draft, setDraft] = useState(draftOf(record?.value));
  const [problem, setProblem] = useState<string>();
  const [changes, setChanges] = useState<readonly FieldChange[]>();
  const base = useRef(profile);
  const store = async (value: FieldValue | null) => {
    setChanges(undefined);
    try {
      await onSave(field, value);
      onClose();
    } catch (error) {
      if (!isConflict(error)) return setProblem(await refusal(error));
      const now = await onConflict();
      setChanges(fieldChanges(base.current, now));
      base.current = now;
    }
  };
  const save = useAction(async () => {
    const wrong = draftProblem(question, draft);
    setProblem(wrong);
    if (!wrong) await store(typedValue(question, draft) ?? null);
  });
  const remove = useAction(async () => {
    setProblem(undefined);
    await store(null);
  });
  const busy = save.busy || remove.busy;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void save.run();
      }}
    >
      {changes && <ConflictNotice changes={changes} />}
      <FieldInput question={question} draft={draft} onDraft={setDraft} problem={problem} first />
      <ProblemNotice error={save.error ?? remove.error} area="account" />
      <div class="actions">
        <Button look="primary" type="submit" busy={save.busy}>
          {text('common', 'save')}
        </Button>
        <Button onClick={onClose}>{text('common', 'cancel')}</Button>
        {record && (
          <Button look="danger" busy={remove.busy} onClick={() => !save.busy && remove.run()}>
            {text('account', 'profile.remove')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** The API names what it does not take by field; anything else is the action's to show. */
async function refusal(error: unknown): Promise<string> {
  if (error instanceof IdentityProblem && error.code === 'REQUEST_INVALID') {
    return text('account', 'field.refused');
  }
  throw error;
}

function ConflictNotice({ changes }: { readonly changes: readonly FieldChange[] }) {
  return (
    <Notice kind="warning">
      <p>{text('account', 'conflict.title')}</p>
      {changes.length > 0 && (
        <ul class="changes">
          {changes.map(({ label, before, after }) => (
            <li key={label}>
              {text('account', 'conflict.change', {
                label,
                before: before ?? text('account', 'profile.none'),
                after: after ?? text('account', 'profile.none'),
              })}
            </li>
          ))}
        </ul>
      )}
      <p>{text('account', 'conflict.kept')}</p>
    </Notice>
  );
}
