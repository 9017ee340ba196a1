/** How requests between regions say where they come from. Names of HTTP headers. */
export const HEADERS = {
  secret: 'x-local-cloud-secret',
  from: 'x-local-cloud-from',
  caller: 'x-local-cloud-caller',
  copy: 'x-local-cloud-copy',
} as const;
