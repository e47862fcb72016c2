/** Partition of the index `sessionsByCohort`: the app client and the day (UTC) on which a session began. */
export const cohortKeyOf = (clientId: string, startedAt: number): string =>
  `${clientId}#${new Date(startedAt).toISOString().slice(0, 10)}`;
