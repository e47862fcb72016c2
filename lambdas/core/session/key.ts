/**
 * What names a session in our records. A sign-in that Vestibule decided is named by its flow, which stands in every token
 * and every event of it; any other by Cognito's `origin_jti`.
 */
export const sessionKeyOf = ({
  flow,
  originJti,
}: {
  readonly flow?: string | undefined;
  readonly originJti: string;
}): string => flow ?? originJti;
