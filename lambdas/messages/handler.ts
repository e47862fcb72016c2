import type { CustomMessageTriggerEvent } from 'aws-lambda';
import { readServiceConfiguration } from '../adapters/service-configuration.ts';
import { customMessage } from './custom-message.ts';

const config = readServiceConfiguration();

export const handler = async (event: CustomMessageTriggerEvent): Promise<CustomMessageTriggerEvent> =>
  customMessage(event, config);
