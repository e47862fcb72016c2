import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { viewerAddressHeader } from '../../lambdas/api/viewer-address.ts';

/**
 * Pages are made by the script, so every address below `/portal/` whose last part has no dot is the one document; a file
 * that does not exist stays a 404. `/` and `/portal` lead to the first page, with their query (`?client=shop`);
 * `/index.html` is the distribution's root object, which is there so that no request reaches the bucket's own root.
 */
export const pagesCode = `
function handler(event) {
  var request = event.request;
  if (['/', '/index.html', '/portal'].includes(request.uri)) return toPortal(request.rawQueryString());
  var last = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (request.uri.startsWith('/portal/') && !last.includes('.')) request.uri = '/portal/index.html';
  return request;
}
function toPortal(query) {
  return {
    statusCode: 302,
    statusDescription: 'Found',
    headers: {
      location: { value: '/portal/' + (query ? '?' + query : '') },
      'cache-control': { value: 'no-store' },
    },
  };
}
`.trimStart();

/** Replaces what a viewer sends under this name, as CloudFront does with the secret beside it. */
const viewerAddressCode = `
function handler(event) {
  var request = event.request;
  request.headers['${viewerAddressHeader}'] = { value: event.viewer.ip };
  return request;
}
`.trimStart();

const edgeFunction = (scope: Construct, id: string, comment: string, code: string): cloudfront.Function =>
  new cloudfront.Function(scope, id, {
    comment,
    code: cloudfront.FunctionCode.fromInline(code),
    runtime: cloudfront.FunctionRuntime.JS_2_0,
  });

export const pagesFunction = (scope: Construct): cloudfront.Function =>
  edgeFunction(scope, 'Pages', 'Addresses of pages lead to the one document', pagesCode);

export const viewerAddressFunction = (scope: Construct): cloudfront.Function =>
  edgeFunction(
    scope,
    'ViewerAddress',
    'Tells the Identity API where a request comes from',
    viewerAddressCode,
  );
