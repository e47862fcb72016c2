import { AwsError, type AwsRequest, type AwsResponse } from './platform.ts';

/** An error in the shape of the protocol that the caller speaks. What is no AwsError is a fault of the local cloud. */
export function errorResponse(error: unknown, request: AwsRequest, requestId: string): AwsResponse {
  const known = error instanceof AwsError ? error : internal(error);
  if (request.service === 's3') return xml(known.status, s3Error(known, requestId));
  if (isQueryProtocol(request)) return xml(known.status, queryError(known, requestId));
  return {
    status: known.status,
    headers: { 'x-amzn-errortype': known.name },
    body: JSON.stringify({ __type: known.name, message: known.message, ...known.extra }),
  };
}

const internal = (error: unknown): AwsError =>
  new AwsError(
    'InternalFailure',
    `the local cloud failed: ${error instanceof Error ? error.message : error}`,
    {
      status: 500,
    },
  );

const isQueryProtocol = ({ headers }: AwsRequest): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;

const xml = (status: number, body: string): AwsResponse => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});

const s3Error = ({ name, message }: AwsError, requestId: string): string =>
  `<Error><Code>${escaped(name)}</Code><Message>${escaped(message)}</Message><RequestId>${requestId}</RequestId></Error>`;

const queryError = ({ name, message, status }: AwsError, requestId: string): string =>
  `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${escaped(name)}</Code>` +
  `<Message>${escaped(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
