import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Signable {
  readonly host: string;
  /** `/` at AWS itself. */
  readonly path: string;
  readonly target: string;
  readonly contentType: string;
  readonly body: string;
}

/** The headers of one signed request: AWS Signature Version 4. */
export type SignedHeaders = Readonly<Record<string, string>>;

const algorithm = 'AWS4-HMAC-SHA256';
const signedNames = 'content-type;host;x-amz-date;x-amz-target';
const signedNamesWithToken = 'content-type;host;x-amz-date;x-amz-security-token;x-amz-target';

/**
 * Signs `POST` requests to one service in one Region. The derived key is made once a day, so that a signature costs two hashes
 * and one HMAC.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function requestSigner(service: string, region: string, credentials: AwsCredentials) {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const names = sessionToken ? signedNamesWithToken : signedNames;
  const tokenLine = sessionToken ? `x-amz-security-token:${sessionToken}\n` : '';
  let day = '';
  let key: Buffer = Buffer.alloc(0);
  const keyOf = (date: string): Buffer => {
    if (date !== day) {
      key = [date, region, service, 'aws4_request'].reduce<Buffer>(
        (secret, part) => hmac(secret, part),
        Buffer.from(`AWS4${secretAccessKey}`),
      );
      day = date;
    }
    return key;
  };
  return (request: Signable, at: Date): SignedHeaders => {
    const time = at.toISOString().replace(/[:-]|\.\d{3}/g, '');
    const date = time.slice(0, 8);
    const { host, path, target, contentType, body } = request;
    const canonical = `POST\n${path}\n\ncontent-type:${contentType}\nhost:${host}\nx-amz-date:${time}\n${tokenLine}x-amz-target:${target}\n\n${names}\n${sha256(body)}`;
    const scope = `${date}/${region}/${service}/aws4_request`;
    const signature = hmac(keyOf(date), `${algorithm}\n${time}\n${scope}\n${sha256(canonical)}`).toString(
      'hex',
    );
    return {
      'content-type': contentType,
      'x-amz-date': time,
      'x-amz-target': target,
      ...(sessionToken && { 'x-amz-security-token': sessionToken }),
      authorization: `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    };
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
