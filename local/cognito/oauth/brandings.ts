import type { Collection, Store } from '../../platform.ts';

/** How a client's sign-in pages look. The local pages show colours, corners and logo; all that was set is described back. */
export interface Branding {
  readonly id: string;
  readonly poolId: string;
  readonly clientId?: string;
  readonly useDefaults: boolean;
  readonly settings?: unknown;
  readonly assets: readonly unknown[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Terms {
  readonly id: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly name: string;
  readonly links: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What belongs to the pages of a pool's domain, by id. */
export class PageResources {
  private readonly brandings: Collection<Branding>;
  private readonly terms: Collection<Terms>;

  constructor(store: Store) {
    this.brandings = store.collection('cognito-brandings');
    this.terms = store.collection('cognito-terms');
  }

  branding(id: string): Branding | undefined {
    return this.brandings.get(id);
  }

  brandingOf(poolId: string, clientId: string): Branding | undefined {
    return this.allBrandings().find((each) => each.poolId === poolId && each.clientId === clientId);
  }

  putBranding(branding: Branding): Promise<void> {
    return this.brandings.set(branding.id, branding);
  }

  removeBranding(id: string): Promise<void> {
    return this.brandings.delete(id);
  }

  findTerms(id: string): Terms | undefined {
    return this.terms.get(id);
  }

  termsOf(poolId: string, clientId?: string): Terms[] {
    return Array.from(this.terms.entries(), ([, each]) => each).filter(
      (each) => each.poolId === poolId && (clientId === undefined || each.clientId === clientId),
    );
  }

  putTerms(terms: Terms): Promise<void> {
    return this.terms.set(terms.id, terms);
  }

  removeTerms(id: string): Promise<void> {
    return this.terms.delete(id);
  }

  private allBrandings(): Branding[] {
    return Array.from(this.brandings.entries(), ([, each]) => each);
  }
}
