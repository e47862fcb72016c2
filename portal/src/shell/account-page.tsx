import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { type Area, withText } from '../text/text.ts';

/**
 * A page for people who are signed in: fetched with its texts and with the frame around it, so that the sign-in page
 * brings neither.
 */
export const accountPage = (areas: readonly Area[], load: () => Promise<{ default: ComponentType }>) =>
  lazy(() =>
    withText(['account', ...areas], async () => {
      const [{ AccountFrame }, { default: Page }] = await Promise.all([
        import('./account-frame.tsx'),
        load(),
      ]);
      return {
        default: () => (
          <AccountFrame>
            <Page />
          </AccountFrame>
        ),
      };
    }),
  );
