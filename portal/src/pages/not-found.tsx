import { paths } from '../paths.ts';
import { PublicPage } from '../shell/public-frame.tsx';
import { text } from '../text/text.ts';

export default function NotFound() {
  return (
    <PublicPage title={text('common', 'notFound.title')}>
      <p>{text('common', 'notFound.body')}</p>
      <a class="button" href={paths.overview}>
        {text('common', 'notFound.home')}
      </a>
    </PublicPage>
  );
}
