import { Page, type PageProps } from '../kit/page.tsx';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';

/** A page that needs no session: the brand above, one narrow column, help below. */
export function PublicPage(props: PageProps) {
  return (
    <div class="public-frame">
      <Header />
      <div class="column" id="content" onSubmit={toFirstProblem}>
        <Page {...props} />
      </div>
      <Footer />
    </div>
  );
}

/** What a form lacks may be out of sight: once it is said, the first field of those has the focus. */
function toFirstProblem({ target }: Event): void {
  requestAnimationFrame(() => {
    if (target instanceof HTMLElement) target.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  });
}
