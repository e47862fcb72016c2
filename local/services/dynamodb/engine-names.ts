import type { Cloud } from '../../platform.ts';

const anyPrefix = /arn:aws:dynamodb:[\w-]+:\d{12}:/;
const anyPrefixes = new RegExp(anyPrefix, 'g');

/** Engines make ARNs of a region and an account of their own; everything outside sees the cloud's. */
export class EngineNames {
  private readonly ours: string;
  private theirs: string;

  constructor(cloud: Pick<Cloud, 'region' | 'accountId'>) {
    this.ours = `arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:`;
    this.theirs = this.ours;
  }

  /** Remembers the engine's prefix from any ARN that it gave. */
  learn(engineArn: string): void {
    this.theirs = anyPrefix.exec(engineArn)?.[0] ?? this.theirs;
  }

  toEngine(text: string): string {
    return text.replaceAll(this.ours, this.theirs);
  }

  fromEngine(text: string): string {
    return text.replace(anyPrefixes, this.ours);
  }
}
