/** One thing wrong with a configuration, with the path to it: `profile.fields[2].purpose`. */
export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

/** Wrong configuration, every problem at once, so that one run is enough to correct all of them. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
    super(
      `vestibule.config.ts has ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n${lines.join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `['profile', 'fields', 2, 'purpose']` → `profile.fields[2].purpose` */
export const pathOf = (keys: readonly (string | number)[]): string =>
  keys.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${key}` : key),
    '',
  );
