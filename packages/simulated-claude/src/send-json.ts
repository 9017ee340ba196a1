import type { ServerResponse } from 'node:http';

/** Sends a JSON body and ends the response. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Sends the headers and half of a JSON body, then closes the connection. */
export function sendHalf(
  response: ServerResponse,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(200, { 'content-type': 'application/json', ...headers, 'content-length': text.length });
  // Waits for the flush, so that the caller receives this half.
  response.write(text.subarray(0, Math.ceil(text.length / 2)), () => response.destroy());
}
