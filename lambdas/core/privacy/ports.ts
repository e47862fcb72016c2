/** What the user pool itself has about the person. */
export interface OwnDirectoryEntry {
  /** @param names - under which the person may be there; the first that is known counts */
  attributes(names: readonly string[]): Promise<Readonly<Record<string, string>> | undefined>;
  /** No sign-in gets as far as a question. */
  close(names: readonly string[]): Promise<void>;
}
