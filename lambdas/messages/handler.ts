import type { CustomMessageTriggerEvent } from 'aws-lambda';
import type { ClientDirectory } from '../adapters/client-directory.ts';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { systemClock } from '../adapters/system.ts';
import { clientNameFor } from './client-name.ts';
import { customMessage } from './custom-message.ts';
import { readMessagesEnv } from './env.ts';
import { type NoteCodeSent, noteResentCode } from './resent-codes.ts';

const env = readMessagesEnv();
const config = readServiceConfiguration();
const log = (line: Readonly<Record<string, string>>): void => console.error(JSON.stringify(line));

/** Loaded at the first use: few mails need it, and it would be most of this function's start. */
let opened: Promise<NoteCodeSent> | undefined;
const note: NoteCodeSent = async (sub) => {
  opened ??= openNotes();
  return (await opened)(sub);
};

async function openNotes(): Promise<NoteCodeSent> {
  const [{ noteCodeSent }, { dynamoClient }] = await Promise.all([
    import('../adapters/confirmation-codes.ts'),
    import('../adapters/dynamo.ts'),
  ]);
  return noteCodeSent(dynamoClient(), env.RISK_TABLE, systemClock);
}

let directory: Promise<ClientDirectory> | undefined;
const clientOf: ClientDirectory = async (clientId) => {
  directory ??= import('../adapters/client-directory.ts').then(({ clientDirectory }) =>
    clientDirectory(env.CLIENTS_PARAMETER, systemClock),
  );
  return (await directory)(clientId);
};

export const handler = async (event: CustomMessageTriggerEvent): Promise<CustomMessageTriggerEvent> => {
  await noteResentCode(note, event, log);
  return customMessage(event, config, await clientNameFor(clientOf, config, event, log));
};
