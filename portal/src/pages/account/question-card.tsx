import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AnswerOf } from '../../../../client/index.ts';
import { Button } from '../../kit/button.tsx';
import { Card } from '../../kit/card.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { api } from '../../session/api.ts';
import { text } from '../../text/text.ts';
import type { UseOf } from './account-facts.ts';
import { FieldInput } from './field-input.tsx';
import { draftProblem, typedValue } from './field-values.ts';

type Prompts = AnswerOf<'GET /v1/me/prompts'>['prompts'];

export interface QuestionCardProps {
  /** Within the budget of the visit; not empty. */
  readonly prompts: Prompts;
  readonly useOf: UseOf;
  /** An answer was stored or a question skipped; the next question waits for nothing that this begins. */
  readonly onProgress: () => void;
}

/** One question at a time; each can be skipped, and none comes back in this visit. */
export function QuestionCard({ prompts, useOf, onProgress }: QuestionCardProps) {
  const [at, setAt] = useState(0);
  const [draft, setDraft] = useState('');
  const [problem, setProblem] = useState<string>();
  const question = prompts[at];
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (at > 0) form.current?.querySelector<HTMLElement>('input, select')?.focus();
  }, [at]);
  const next = () => {
    setAt(at + 1);
    setDraft('');
    onProgress();
  };
  const answer = useAction(async () => {
    if (!question) return;
    const wrong = draftProblem(question, draft);
    setProblem(wrong);
    if (wrong) return;
    await api.call('PUT /v1/me/prompts/{field}', {
      params: { field: question.field },
      body: { answer: typedValue(question, draft) },
    });
    next();
  });
  const skip = useAction(async () => {
    if (!question) return;
    setProblem(undefined);
    await api.call('PUT /v1/me/prompts/{field}', { params: { field: question.field }, body: { skip: true } });
    next();
  });
  if (!question) {
    return (
      <Card title={text('account', 'question.title')}>
        <p role="status">{text('account', 'question.thanks')}</p>
      </Card>
    );
  }
  const busy = answer.busy || skip.busy;
  return (
    <Card
      title={text('account', 'question.title')}
      action={
        prompts.length > 1 && (
          <span class="muted small">
            {text('account', 'question.of', { at: at + 1, count: prompts.length })}
          </span>
        )
      }
    >
      <form
        ref={form}
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void answer.run();
        }}
      >
        <FieldInput
          key={question.field}
          question={question}
          draft={draft}
          onDraft={setDraft}
          problem={problem}
        />
        <p class="hint">{useOf('question.why', question.purpose)}</p>
        <ProblemNotice error={answer.error ?? skip.error} area="account" />
        <div class="actions">
          <Button look="primary" type="submit" busy={answer.busy}>
            {text('common', 'save')}
          </Button>
          <Button busy={skip.busy} onClick={() => !answer.busy && skip.run()}>
            {text('account', 'question.skip')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
