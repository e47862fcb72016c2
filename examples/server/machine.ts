/** Tokens of a program (door `machine`); the secret comes from Secrets Manager, never from the code. */
export function machineTokens(tokenEndpoint: string, clientId: string, clientSecret: string, scope: string) {
  let token = { value: '', goodUntil: 0 };
  return async (): Promise<string> => {
    if (Date.now() < token.goodUntil) return token.value;
    const answer = await fetch(tokenEndpoint, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    const body = (await answer.json()) as { access_token: string; expires_in: number; error?: string };
    if (!answer.ok) throw new Error(body.error);
    token = { value: body.access_token, goodUntil: Date.now() + (body.expires_in - 60) * 1000 };
    return token.value;
  };
}
