import { Page, type PageProps } from '../kit/page.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';

/** A page that needs no session: the brand above, one narrow column, help below. */
export function PublicPage(props: PageProps) {
  return (
    <div class="public-frame">
      <Header />
      <div class="column" id="content">
        <Page {...props} />
      </div>
      <Footer />
    </div>
  );
}
