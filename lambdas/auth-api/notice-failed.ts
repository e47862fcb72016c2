/** One line for the operator's alarm; the error's text may hold an address and stays out. */
export const mailFailed =
  (notice: string) =>
  (error: unknown): void => {
    const name = error instanceof Error ? error.name : 'Unknown';
    console.error(JSON.stringify({ level: 'error', event: 'notice-failed', notice, name }));
  };

export const noticeFailed = mailFailed('address-taken');

/** After a password reset: SDK sessions may go on at the pool until their end; our APIs refuse them. */
export const signOutFailed = (error: unknown): void => {
  const name = error instanceof Error ? error.name : 'Unknown';
  console.error(JSON.stringify({ level: 'error', event: 'sign-out-failed', after: 'password-reset', name }));
};
