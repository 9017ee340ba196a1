/**
 * The program of a CloudFront Function that leads requests to their origins: `/api/tasks` to `/tasks` of the task API, a
 * view of the console to its page, and everything else to the console. cli/console/files.ts does the same on this machine.
 * CloudFront runs JavaScript of its own kind (runtime 2.0), so it is text here.
 */
export const CONSOLE_PATHS = `
function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (uri.startsWith('/api/')) {
    request.uri = uri.slice('/api'.length);
    return request;
  }
  if (!uri.startsWith('/console/')) {
    return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/console/' } } };
  }
  var isFile = /\\.(css|html|js|json|map|png|svg|txt|woff2)$/.test(uri);
  if (!isFile) request.uri = '/console/index.html';
  return request;
}
`;
