import type { LookColour } from '../../lambdas/core/configuration.ts';
import { logoProblem } from './brand-logo.ts';
import { allBrands, type BrandConfig, brandLook } from './brands.ts';
import { builtInClients } from './clients.ts';
import { contrastProblems } from './contrast.ts';
import { deployedPortal } from './portal.ts';
import { brandTextProblem } from './portal-texts.ts';
import { type ConfigProblem, pathOf } from './problems.ts';
import { stageNames, type VestibuleConfig } from './types.ts';

type Keys = readonly (string | number)[];
const problem = (message: string, ...keys: Keys): ConfigProblem => ({ path: pathOf(keys), message });

/** The default brand is `brand`, the others are in `brands`. */
const rootOf = (index: number): Keys => (index === 0 ? ['brand'] : ['brands', index - 1]);

/** What the shapes of brands cannot say; colours are measured, logos are read. */
export function brandProblems(config: VestibuleConfig): readonly ConfigProblem[] {
  const brands = allBrands(config);
  return [
    ...claimedTwice(brands),
    ...brands.flatMap((brand, index) => {
      const root = rootOf(index);
      return [
        ...colourProblems(brand, root),
        ...logoProblems(brand, root),
        ...languageProblems(brand, config.languages, root),
        ...clientProblems(brand, config, root),
        ...hostProblems(brand, config, root),
      ];
    }),
  ];
}

/** A host and a client lead to one brand; an id is one brand's. */
function claimedTwice(brands: readonly BrandConfig[]): readonly ConfigProblem[] {
  const owners = new Map<string, string>();
  const claim = (kind: string, value: string, brand: BrandConfig, ...at: Keys): readonly ConfigProblem[] => {
    const key = `${kind} ${value}`;
    const owner = owners.get(key);
    owners.set(key, owner ?? brand.id);
    return owner === undefined ? [] : [problem(`"${value}" belongs to the brand "${owner}" already`, ...at)];
  };
  return brands.flatMap((brand, index) => {
    const root = rootOf(index);
    return [
      ...claim('id', brand.id, brand, ...root, 'id'),
      ...(brand.hosts ?? []).flatMap((host, at) => claim('host', host, brand, ...root, 'hosts', at)),
      ...(brand.clients ?? []).flatMap((client, at) =>
        claim('client', client, brand, ...root, 'clients', at),
      ),
    ];
  });
}

const schemes = ['light', 'dark'] as const;

function colourProblems(brand: BrandConfig, root: Keys): readonly ConfigProblem[] {
  const { colours = {} } = brand;
  const look = brandLook(brand);
  return schemes.flatMap((scheme) => {
    const other = scheme === 'light' ? 'dark' : 'light';
    const oneSided = Object.keys(colours[other] ?? {}).filter(
      (name) => colours[scheme]?.[name as LookColour] === undefined,
    );
    return [
      ...oneSided.map((name) =>
        problem(
          `is missing: it is set for ${other}, and what fits there cannot be read here`,
          ...root,
          'colours',
          scheme,
          name,
        ),
      ),
      ...contrastProblems(look[scheme]).map(({ colour, message }) =>
        problem(message, ...root, 'colours', scheme, colour),
      ),
    ];
  });
}

function logoProblems({ logo }: BrandConfig, root: Keys): readonly ConfigProblem[] {
  return schemes.flatMap((scheme) => {
    const path = logo?.[scheme];
    const found = path === undefined ? undefined : logoProblem(path);
    return found ? [problem(found, ...root, 'logo', scheme)] : [];
  });
}

function languageProblems(
  { texts = {}, mail }: BrandConfig,
  languages: readonly string[],
  root: Keys,
): readonly ConfigProblem[] {
  const signature = mail?.signature;
  const unknown = (list: object, ...at: Keys) =>
    Object.keys(list)
      .filter((language) => !languages.includes(language))
      .map((language) => problem('not one of the configured languages', ...root, ...at, language));
  return [
    ...unknown(texts, 'texts'),
    ...Object.entries(texts).flatMap(([language, lines]) =>
      Object.entries(lines).flatMap(([key, line]) => {
        const found = /^[a-z-]+\/[\w.-]+$/.test(key)
          ? brandTextProblem(key, line)
          : 'expected area/key, as in common/signIn';
        return found ? [problem(found, ...root, 'texts', language, key)] : [];
      }),
    ),
    ...(signature
      ? [
          ...languages
            .filter((language) => !(language in signature))
            .map((language) => problem('no text for this language', ...root, 'mail', 'signature', language)),
          ...unknown(signature, 'mail', 'signature'),
        ]
      : []),
  ];
}

function clientProblems(
  { clients = [] }: BrandConfig,
  config: VestibuleConfig,
  root: Keys,
): readonly ConfigProblem[] {
  const known: readonly string[] = [
    ...builtInClients,
    ...(config.clients ?? []).filter(({ door }) => door !== 'machine').map(({ name }) => name),
  ];
  return clients.flatMap((client, at) =>
    known.includes(client)
      ? []
      : [problem(`"${client}" signs nobody in; known: ${known.join(', ')}`, ...root, 'clients', at)],
  );
}

/** A page of an unknown origin may hold no session; the distribution answers for names, not for ports. */
function hostProblems(
  { hosts = [] }: BrandConfig,
  { stages }: VestibuleConfig,
  root: Keys,
): readonly ConfigProblem[] {
  return stageNames.flatMap((name) => {
    const domain = deployedPortal(stages[name])?.domain;
    if (!domain) return [];
    return hosts.flatMap((host, at) => {
      const isKnown = host === domain.name || stages[name].origins.includes(`https://${host}`);
      if (host.includes(':'))
        return [problem(`has a port, which the portal of ${name} has not`, ...root, 'hosts', at)];
      return isKnown
        ? []
        : [
            problem(
              `add "https://${host}" to stages.${name}.origins, or sign-ins from there are refused`,
              ...root,
              'hosts',
              at,
            ),
          ];
    });
  });
}
