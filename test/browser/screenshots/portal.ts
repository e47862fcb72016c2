import { openAccountPages } from '../../support/account-pages.ts';
import { takeAccount } from './account.ts';
import { Album } from './album.ts';
import { takeOperator } from './operator.ts';
import { takeOtherPublicPages, takeRecovery, takeResetPassword, takeSignUp } from './public.ts';
import { person, type Scene } from './scene.ts';
import { takeSignIn } from './sign-in.ts';

/** Every page of the portal. The cloud's clock only moves forward: what needs time to pass comes late. */
export async function takePortal(directory: string): Promise<void> {
  const pages = await openAccountPages();
  const scene: Scene = { pages, album: new Album(directory) };
  try {
    const ada = await person(scene, 'ada');
    await takeAccount(scene, ada);
    await takeSignUp(scene);
    await takeResetPassword(scene);
    await takeOtherPublicPages(scene);
    await takeSignIn(scene);
    await takeRecovery(scene);
    await takeOperator(scene);
  } finally {
    await pages.stop();
  }
}
