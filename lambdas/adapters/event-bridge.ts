import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { AuditEvent } from '../core/audit/event.ts';
import type { EventBus } from '../core/audit/ports.ts';

/** PutEvents takes at most 10 entries (EventBridge API reference). */
const entriesPerCall = 10;
const attempts = 4;

/** Source `vestibule`, detail type = event type, detail = the event. Refused entries of a call go again. */
export function eventBridgeBus(
  busName: string,
  client = new EventBridgeClient({ maxAttempts: 3 }),
): EventBus {
  const put = async (events: readonly AuditEvent[]): Promise<void> => {
    let open = events;
    for (let attempt = 1; open.length > 0; attempt += 1) {
      const answer = await client.send(
        new PutEventsCommand({
          Entries: open.map((event) => ({
            EventBusName: busName,
            Source: 'vestibule',
            DetailType: event.type,
            Time: new Date(event.at),
            Detail: JSON.stringify(event),
          })),
        }),
      );
      const sent = open;
      // Accepted is what has an event id: an answer that names no culprit must not lose an event.
      const isOpen = (_: AuditEvent, index: number) => !answer.Entries?.[index]?.EventId;
      open = (answer.FailedEntryCount ?? 0) > 0 ? sent.filter(isOpen) : [];
      if (open.length > 0 && attempt === attempts)
        throw new Error(`EventBridge refused ${open.length} events ${attempts} times`);
    }
  };
  return {
    publish: async (events) => {
      for (let i = 0; i < events.length; i += entriesPerCall) await put(events.slice(i, i + entriesPerCall));
    },
  };
}
