import { request } from 'node:http';
import { z } from 'zod';
import type { SearchEndpoint } from '../options.ts';

const resultsSchema = z.object({
  results: z.array(z.object({ url: z.string(), title: z.string(), page_age: z.string().nullish() })),
});
export type Found = z.output<typeof resultsSchema>['results'][number];

const RESULTS = 10;
const TIMEOUT_MS = 5_000;
const MAX_CHARS = 1_000_000;

/** Asks the search on this machine that stands in for the web's. Null if it does not answer as one. */
export async function askEndpoint(endpoint: SearchEndpoint | undefined, query: string): Promise<Found[] | null> {
  if (endpoint === undefined) return null;
  const url = new URL(`/search?q=${encodeURIComponent(query)}&count=${RESULTS}`, endpoint.url);
  try {
    return resultsSchema.parse(JSON.parse(await bodyOf(url, endpoint.host))).results;
  } catch {
    return null;
  }
}

/** Not by fetch, which sets the header Host itself. */
function bodyOf(url: URL, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host }, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_CHARS) response.destroy(new Error('The results are too long.'));
      });
      response.on('error', reject);
      response.on('end', () => resolve(body));
    });
    asked.on('error', reject);
    asked.end();
  });
}
