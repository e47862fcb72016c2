import { lazy } from 'preact-iso';
import { askEarly } from '../session/session.ts';
import { type Area, withText } from '../text/text.ts';
import { orFault, type PageModule } from './faults.tsx';

/**
 * A page for people who are signed in: fetched with its texts and with the frame around it, so that the sign-in page
 * brings neither.
 */
export const accountPage = (areas: readonly Area[], load: () => Promise<PageModule>) =>
  lazy(() => orFault(framed(areas, load)));

async function framed(areas: readonly Area[], load: () => Promise<PageModule>): Promise<PageModule> {
  askEarly();
  const [{ AccountFrame }, { default: Page }] = await withText(['account', ...areas], () =>
    Promise.all([import('./account-frame.tsx'), load()]),
  );
  return {
    default: () => (
      <AccountFrame>
        <Page />
      </AccountFrame>
    ),
  };
}
