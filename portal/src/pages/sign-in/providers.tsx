import { useLocation } from 'preact-iso';
import { configuration } from '../../configuration.ts';
import { Button } from '../../kit/button.tsx';
import { ProblemNotice } from '../../kit/problem-notice.tsx';
import { useAction } from '../../kit/use-action.ts';
import { beginProviderSignIn } from '../../session/provider-sign-in.ts';
import { text } from '../../text/text.ts';

/** Other services that one may sign in with; nothing where none is configured. */
export function Providers() {
  const { query } = useLocation();
  const begin = useAction((name: string) => beginProviderSignIn(name, query.then));
  return (
    <>
      {configuration.value.providers.map(({ name, label }) => (
        <Button key={name} busy={begin.busy} onClick={() => void begin.run(name)}>
          {text('sign-in', 'provider', { provider: label })}
        </Button>
      ))}
      <ProblemNotice error={begin.error} area="sign-in" />
    </>
  );
}
