import type { ServiceFactory } from '../platform.ts';
import { acceptedService } from './accepted/index.ts';
import { cloudFrontService } from './cloudfront/index.ts';
import { dynamodbService } from './dynamodb/index.ts';
import { eventSourceService } from './event-sources/index.ts';
import { eventBridgeService } from './events/index.ts';
import { firehoseService } from './firehose/index.ts';
import { kmsService } from './kms/index.ts';
import { s3Service } from './s3/index.ts';
import { secretsManagerService } from './secretsmanager/index.ts';
import { sesService } from './ses/index.ts';
import { smsVoiceService } from './sms-voice/index.ts';
import { sqsService } from './sqs/index.ts';
import { ssmService } from './ssm/index.ts';

/** In the order in which they start; they stop in reverse, so that what feeds others ends before what it uses. */
export const services: readonly ServiceFactory[] = [
  dynamodbService,
  s3Service,
  cloudFrontService,
  kmsService,
  secretsManagerService,
  ssmService,
  sqsService,
  sesService,
  smsVoiceService,
  firehoseService,
  eventBridgeService,
  acceptedService,
  eventSourceService,
];
