import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoStatisticsReader, dynamoStatisticsWriter } from '../../lambdas/adapters/statistics.ts';
import type { AuditEvent } from '../../lambdas/core/audit/event.ts';
import { countEvents } from '../../lambdas/core/statistics/count-events.ts';
import {
  type Family,
  families,
  maxCountries,
  maxPurposes,
  reasonsCounted,
} from '../../lambdas/core/statistics/families.ts';
import type { StatisticsWriter } from '../../lambdas/core/statistics/ports.ts';
import { statisticsReport } from '../../lambdas/core/statistics/report.ts';
import { tallyOf } from '../../lambdas/core/statistics/tally.ts';
import { addNetworks, maxNetworks, noNetworks } from '../../lambdas/core/statistics/top-networks.ts';
import { anEvent } from '../support/audit.ts';
import { onEachEngine } from '../support/engines.ts';
import { aNetwork, vocabulary } from '../support/statistics.ts';
import type { TestTables } from '../support/tables.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

onEachEngine((under) => {
  let tables: TestTables;
  /** A day of its own for each test: they share a table. */
  let day = Date.parse('2026-01-01T00:00:00Z');
  let writer: StatisticsWriter;
  beforeAll(() => {
    tables = under.tables;
  });
  beforeEach(() => {
    day += DAY;
    writer = dynamoStatisticsWriter(tables.client, tables.names.statistics, { now: () => day });
  });
  const at = (ms = 0) => new Date(day + ms).toISOString();
  const reader = () => dynamoStatisticsReader(tables.client, tables.names.statistics);
  const count = (events: readonly AuditEvent[]) => countEvents(writer, events, vocabulary);
  const today = (step: 'hour' | 'day' = 'day') => {
    const date = at().slice(0, 10);
    return statisticsReport(reader(), { from: date, to: date }, step);
  };
  const total = async (family: Family) => (await today()).series[family].at(0)?.counts ?? {};
  const stored = async (series: string, bucket: string) =>
    (
      await tables.client.send(
        new GetItemCommand({
          TableName: tables.names.statistics,
          Key: marshall({ series, at: bucket }),
          ConsistentRead: true,
        }),
      )
    ).Item;

  describe('counting', () => {
    it('adds by hour and by day, and a range shows zeros where nothing was', async () => {
      const events = [0, 0, 3].map((hour) => anEvent({ at: at(hour * HOUR), door: 'api' }));
      expect(await count(events)).toEqual(new Map());
      expect(await total('signIns')).toEqual({ succeeded: 3, 'door:api': 3 });
      const { series } = await today('hour');
      expect(series.signIns.map(({ counts }) => counts.succeeded).slice(0, 5)).toEqual([2, 0, 0, 1, 0]);
      expect(series.signIns).toHaveLength(24);
    });

    it('counts an event once, however often and in whatever company it comes', async () => {
      const events = Array.from({ length: 30 }, (_, index) =>
        anEvent({ at: at(), network: aNetwork(index % 3) }),
      );
      await count(events.slice(0, 20));
      await count([...events.slice(10), ...events.slice(0, 5)]);
      await count(events);
      expect(await total('signIns')).toEqual({ succeeded: 30 });
      const { topNetworks } = await today();
      expect(topNetworks.map((each) => [each.count, each.error])).toEqual([
        [10, 0],
        [10, 0],
        [10, 0],
      ]);
    });

    it('loses nothing and adds nothing twice while several count the same and other events at once', async () => {
      const events = Array.from({ length: 60 }, (_, index) =>
        anEvent({ at: at(), network: aNetwork(index % 4), outcome: index % 2 ? 'refused' : 'success' }),
      );
      const writers = under.racers(6);
      const failed = await Promise.all(
        Array.from({ length: writers }, (_, index) =>
          count(events.slice(index * 5).concat(events.slice(0, 10))),
        ),
      );
      // Whoever lost too often reports it, and the queue brings it again.
      for (const ids of failed) await count(events.filter(({ id }) => ids.has(id)));
      expect(await total('signIns')).toEqual({ succeeded: 60 });
      const { topNetworks, unlistedAtMost } = await today();
      // Every second event is a refusal, and so is every event of every second network.
      expect(topNetworks.map(({ count: seen, refused }) => [seen, refused])).toEqual([
        [15, 0],
        [15, 15],
        [15, 0],
        [15, 15],
      ]);
      expect(unlistedAtMost).toBe(0);
    });

    it('takes a thousand events in one call', async () => {
      const events = Array.from({ length: 1_000 }, (_, index) =>
        anEvent({
          at: at(index * 1_000),
          type: 'sign-in.refused',
          outcome: 'refused',
          reasons: ['DEVICE_NEW'],
        }),
      );
      expect(await count(events)).toEqual(new Map());
      expect(await total('denials')).toEqual({ all: 1_000, 'reason:DEVICE_NEW': 1_000 });
    });

    it('says which events of a transaction were counted before, and writes nothing then', async () => {
      const [before, fresh] = [anEvent({ at: at() }), anEvent({ at: at() })];
      await count([before]);
      const both = [before, fresh];
      expect(await writer.count(both, tallyOf(both, vocabulary))).toEqual({
        kind: 'duplicates',
        ids: new Set([before.id]),
      });
      expect(await total('signIns')).toEqual({ succeeded: 1 });
    });
  });

  describe('what is stored', () => {
    it('goes by itself: markers after three weeks, hours after a quarter, days after years', async () => {
      const event = anEvent({ at: at(HOUR / 2) });
      await count([event]);
      const ttl = async (series: string, bucket: string) =>
        Number((await stored(series, bucket))?.ttl?.N) - day / 1000;
      expect(await ttl(`EVENT#${event.id}`, 'EVENT')).toBe((21 * DAY) / 1000);
      expect(await ttl('hour#signIns', `${at().slice(0, 13)}:00:00Z`)).toBe((90 * DAY + HOUR) / 1000);
      expect(await ttl('day#signIns', `${at().slice(0, 10)}T00:00:00Z`)).toBe((1_828 * DAY) / 1000);
    });

    it('is no more than 4 kB per item, with every word of the closed lists in it', async () => {
      const purposes = Array.from({ length: maxPurposes }, (_, index) => `${index}`.padStart(64, 'p'));
      const countries = Array.from({ length: maxCountries }, (_, index) => `X${index}`);
      const every = { purposes: [...purposes, 'more'], countries: [...countries, 'ZZ'] };
      const refused = (type: AuditEvent['type'], reasons: readonly string[]) =>
        anEvent({ type, at: at(), outcome: 'refused', reasons: [...reasons, 'UNKNOWN'] });
      await countEvents(
        writer,
        [
          refused('registration.refused', reasonsCounted.registrations),
          refused('sign-in.refused', reasonsCounted.denials),
          refused('message.refused', reasonsCounted.messages),
          refused('recovery.refused', reasonsCounted.recoveries),
          refused('session.ended', reasonsCounted.sessions),
          ...every.purposes.flatMap((purpose) => [
            anEvent({ type: 'consent.granted', at: at(), data: { purpose } }),
            anEvent({ type: 'consent.withdrawn', at: at(), data: { purpose } }),
          ]),
          ...every.countries.map((country) =>
            anEvent({ type: 'message.sent', at: at(), data: { country, kind: 'notice' } }),
          ),
          ...Array.from({ length: maxNetworks + 10 }, (_, index) =>
            anEvent({ at: at(), network: aNetwork(index) }),
          ),
        ],
        every,
      );
      const room = 600; // digits of larger counts
      for (const family of [...families, 'networks']) {
        const item = await stored(`day#${family}`, `${at().slice(0, 10)}T00:00:00Z`);
        const bytes = Object.entries(item ?? {}).reduce(
          (sum, [name, value]) => sum + name.length + (value.S?.length ?? (value.N?.length ?? 0) / 2 + 2),
          0,
        );
        expect({ family, fits: bytes < 4_096 - room }).toEqual({ family, fits: true });
      }
    });

    it('keeps the networks as the rules add them, over many batches', async () => {
      const drawn = Array.from({ length: 12 }, (_, batch) =>
        Array.from({ length: 25 }, (_, index) => aNetwork((batch * 7 + index * index) % (2 * maxNetworks))),
      );
      let expected = noNetworks;
      for (const networks of drawn) {
        const events = networks.map((network) => anEvent({ at: at(), network }));
        await count(events);
        const [{ adds } = { adds: new Map() }] = tallyOf(events, vocabulary).networks;
        expected = addNetworks(expected, adds);
      }
      const bucket = `${at().slice(0, 10)}T00:00:00Z`;
      expect(await reader().networks('day', bucket, bucket)).toEqual([expected]);
    });
  });
});
