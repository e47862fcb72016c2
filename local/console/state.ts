import type { InvocationRecord, LogRecord } from '../functions/index.ts';
import type { Grant } from '../iam/index.ts';
import type { Cloud, FaultRule } from '../platform.ts';
import type { RuleReport, WafLogEntry } from '../waf/index.ts';
import type { AuditEventView } from './audit-events.ts';
import type { DecisionView } from './decisions.ts';
import { EventFeed, type Recent } from './event-feed.ts';
import { findSources, type Sources } from './sources.ts';

export interface FunctionView {
  readonly name: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly environments: number;
  readonly coldStarts: number;
  /** Of the invocations that are still remembered. */
  readonly invocations: number;
  readonly errors: number;
  readonly medianMs: number | undefined;
  readonly slowestMs: number | undefined;
  /** Newest first. */
  readonly calls: readonly InvocationRecord[];
  /** Oldest first. */
  readonly log: readonly LogRecord[];
}

export interface MailView {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly kind: string;
  readonly at: string;
}

/** Everything the console shows, each part readable on its own. */
export interface ConsoleParts {
  readonly cloud: () => { readonly stage: string; readonly region: string; readonly outputs: unknown };
  readonly clock: () => { readonly now: string; readonly aheadMs: number };
  readonly faults: () => { readonly armed: readonly FaultRule[] };
  readonly functions: () => readonly FunctionView[];
  readonly mails: () => readonly MailView[];
  readonly events: () => Promise<readonly AuditEventView[]>;
  readonly decisions: () => Promise<readonly DecisionView[]>;
  readonly waf: () => { readonly rules: readonly RuleReport[]; readonly ended: readonly WafLogEntry[] };
  readonly 'access-log': () => readonly string[];
  readonly grants: () => readonly Grant[];
  readonly meter: () => Readonly<Record<string, number>>;
}

export type ConsoleState = { readonly [Part in keyof ConsoleParts]: Awaited<ReturnType<ConsoleParts[Part]>> };

const SHOWN_LOG_LINES = 40;
const SHOWN_CALLS = 8;
const SHOWN_MAILS = 10;

export function consoleParts(cloud: Cloud): ConsoleParts {
  const sources = (): Sources => findSources(cloud);
  let feed: EventFeed | undefined;
  const recent = async (): Promise<Recent> => {
    const { dynamodb } = sources();
    if (dynamodb === undefined) return { events: [], decisions: [] };
    feed ??= new EventFeed(cloud, dynamodb);
    return feed.recent();
  };
  return {
    cloud: () => ({ stage: cloud.stage, region: cloud.region, outputs: cloud.outputs?.() }),
    clock: () => clockView(cloud),
    faults: () => ({ armed: cloud.faults.armed?.() ?? [] }),
    functions: () => functionViews(sources()),
    mails: () => recentMails(sources()),
    events: async () => (await recent()).events,
    decisions: async () => (await recent()).decisions,
    waf: () => ({ rules: sources().waf?.rules() ?? [], ended: sources().waf?.ended() ?? [] }),
    'access-log': () => sources().apigateway?.accessLog() ?? [],
    grants: () => sources().iam?.grants() ?? [],
    meter: () => cloud.meter.read(),
  };
}

export async function readState(parts: ConsoleParts): Promise<ConsoleState> {
  const [events, decisions] = await Promise.all([parts.events(), parts.decisions()]);
  return {
    cloud: parts.cloud(),
    clock: parts.clock(),
    faults: parts.faults(),
    functions: parts.functions(),
    mails: parts.mails(),
    events,
    decisions,
    waf: parts.waf(),
    'access-log': parts['access-log'](),
    grants: parts.grants(),
    meter: parts.meter(),
  };
}

function clockView({ clock }: Cloud) {
  const now = clock.now();
  return {
    now: new Date(now).toISOString(),
    aheadMs: Math.max(0, Math.round((now - Date.now()) / 1000) * 1000),
  };
}

function functionViews({ lambda }: Sources): readonly FunctionView[] {
  return (lambda?.functions() ?? []).map((summary) => {
    const durations = summary.invocations
      .map(({ durationMs }) => durationMs)
      .sort((first, second) => first - second);
    return {
      name: summary.label,
      memoryMb: summary.memoryMb,
      timeoutMs: summary.timeoutMs,
      environments: summary.environments,
      coldStarts: summary.coldStarts,
      invocations: summary.invocations.length,
      errors: summary.invocations.filter(({ outcome }) => outcome !== 'ok').length,
      medianMs: durations[Math.floor(durations.length / 2)],
      slowestMs: durations.at(-1),
      calls: summary.invocations.slice(-SHOWN_CALLS).toReversed(),
      log: (lambda?.logs(summary.label) ?? []).slice(-SHOWN_LOG_LINES),
    };
  });
}

const recentMails = ({ ses }: Sources): readonly MailView[] =>
  (ses?.messages({ limit: SHOWN_MAILS }) ?? []).map(({ id, to, subject, at, kind }) => ({
    id,
    to: to.join(', '),
    subject,
    kind,
    at: new Date(at).toISOString(),
  }));
