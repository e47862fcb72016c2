import type { ResourceProvider } from '../../platform.ts';
import { asList, asProperties, asTextMap, type Throttle, UnsupportedApi } from '../model.ts';
import type { ApiRegistry } from '../registry.ts';

export const stageProvider = (registry: ApiRegistry): ResourceProvider => ({
  type: 'AWS::ApiGateway::Stage',
  async provision(request) {
    const { logicalId, properties } = request;
    if (registry.deployed() !== undefined)
      throw new UnsupportedApi(logicalId, 'only one stage is played here, below /api/');
    const name = String(properties.StageName);
    registry.of(request).stages.set(name, {
      name,
      variables: Object.fromEntries(asTextMap(properties.Variables)),
      accessLogFormat: accessLogFormat(asProperties(properties.AccessLogSetting).Format, logicalId),
      throttles: new Map(asList(properties.MethodSettings).flatMap(throttleEntry)),
    });
    return { physicalId: name, attributes: {} };
  },
});

/** AWS refuses a format that cannot be traced back to a request [aws-facts 9.4]. */
function accessLogFormat(format: unknown, where: string): string | undefined {
  if (format === undefined) return undefined;
  if (!/\$context\.(requestId|extendedRequestId)/.test(String(format))) {
    throw new UnsupportedApi(
      where,
      'AccessLogSetting.Format must contain $context.requestId or $context.extendedRequestId',
    );
  }
  return String(format);
}

/** `/~1v1~1sessions` is CloudFormation's spelling of `/v1/sessions`; `/*` means every resource. */
function throttleEntry(setting: unknown): readonly (readonly [string, Throttle])[] {
  const { ResourcePath, HttpMethod, ThrottlingRateLimit, ThrottlingBurstLimit } = asProperties(setting);
  if (ThrottlingRateLimit === undefined && ThrottlingBurstLimit === undefined) return [];
  const spelled = String(ResourcePath ?? '/*')
    .replace(/^\/(?=~1|\*$)/, '')
    .replaceAll('~1', '/');
  const ratePerSecond = Number(ThrottlingRateLimit ?? Number.POSITIVE_INFINITY);
  const burst = Number(ThrottlingBurstLimit ?? ratePerSecond);
  return [[`${String(HttpMethod ?? '*')} ${spelled}`, { ratePerSecond, burst }]];
}
