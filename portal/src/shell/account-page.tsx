import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { type Area, withText } from '../text/text.ts';
import { NotLoaded } from './not-loaded.tsx';

interface PageModule {
  readonly default: ComponentType;
}

/**
 * A page for people who are signed in: fetched with its texts and with the frame around it, so that the sign-in page
 * brings neither.
 */
export const accountPage = (areas: readonly Area[], load: () => Promise<PageModule>) =>
  lazy(() =>
    framed(areas, load).catch((error: unknown): PageModule => {
      // Seen by whoever looks at the console, and told to the operator once there is a connection.
      reportError(error);
      return { default: NotLoaded };
    }),
  );

async function framed(areas: readonly Area[], load: () => Promise<PageModule>): Promise<PageModule> {
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
