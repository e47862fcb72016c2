import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { HttpRequest, HttpResponse } from '../../platform.ts';
import type { CachePolicy } from './managed-policies.ts';

/** What CloudFront compresses, as far as a portal has it (developer guide, "Serve compressed files"). */
const compressible =
  /^(text\/|application\/(javascript|json|xml|manifest\+json)|image\/svg\+xml|font\/(ttf|otf))/;
const leastBytes = 1_000;
const mostBytes = 10_000_000;

/** For an answer of the origin that is not compressed yet and a viewer who can read it. */
export async function compressed(
  response: HttpResponse,
  { headers }: HttpRequest,
  { gzip: allowsGzip, brotli: allowsBrotli }: CachePolicy,
): Promise<HttpResponse> {
  const accepted = (headers['accept-encoding'] ?? '').split(',').map((name) => name.trim().split(';')[0]);
  const body = Buffer.from(response.body ?? '');
  const type = String(response.headers?.['content-type'] ?? '');
  const fits = response.status === 200 && body.length >= leastBytes && body.length <= mostBytes;
  if (!fits || !compressible.test(type) || response.headers?.['content-encoding']) return response;
  const encoding =
    allowsBrotli && accepted.includes('br')
      ? 'br'
      : allowsGzip && accepted.includes('gzip')
        ? 'gzip'
        : undefined;
  if (!encoding) return response;
  return {
    ...response,
    headers: {
      ...response.headers,
      'content-encoding': encoding,
      vary: 'Accept-Encoding',
      etag: `W/${String(response.headers?.etag)}`,
    },
    body: await (encoding === 'br' ? brotli(body) : promisify(gzip)(body)),
  };
}

const brotli = (body: Buffer): Promise<Buffer> =>
  promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
