import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { APIGatewayProxyEvent } from 'aws-lambda';

/** Where the portal's distribution says who called it. */
export const viewerAddressHeader = 'x-vestibule-viewer-address';
/** Carries the secret that only the distribution and we know; without it the other header is anybody's word. */
export const edgeHeader = 'x-vestibule-edge';

export interface ViewerAddressOptions {
  /** What the distribution sends; absent where there is none. */
  readonly edgeSecret?: () => Promise<string>;
  /** Told of a secret that could not be read: requests through the portal count as the distribution's meanwhile. */
  readonly edgeUnread: (error: unknown) => void;
}

type Seen = Pick<APIGatewayProxyEvent, 'requestContext'>;

/**
 * Where a request comes from: the viewer's address when the distribution vouches for it, else what API Gateway saw.
 * `X-Forwarded-For` is the caller's word and never read. A secret that cannot be read is no proof.
 */
export async function viewerAddress(
  { requestContext }: Seen,
  headers: Readonly<Record<string, string>>,
  { edgeSecret, edgeUnread }: ViewerAddressOptions,
): Promise<string> {
  const connection = requestContext.identity.sourceIp;
  const { [edgeHeader]: proof, [viewerAddressHeader]: viewer } = headers;
  if (!edgeSecret || !proof || !viewer || isIP(viewer) === 0) return connection;
  try {
    return isSame(proof, await edgeSecret()) ? viewer : connection;
  } catch (error) {
    edgeUnread(error);
    return connection;
  }
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
