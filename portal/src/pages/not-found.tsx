import { Page } from '../kit/page.tsx';
import { paths } from '../paths.ts';
import { text } from '../text/text.ts';

export default function NotFound() {
  return (
    <Page title={text('common', 'notFound.title')}>
      <p>{text('common', 'notFound.body')}</p>
      <a class="button" href={paths.overview}>
        {text('common', 'notFound.home')}
      </a>
    </Page>
  );
}
