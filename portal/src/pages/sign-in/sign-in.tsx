import { Page } from '../../kit/page.tsx';
import { text } from '../../text/text.ts';

export default function SignIn() {
  return <Page title={text('common', 'signIn')}>{null}</Page>;
}
