import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const bodySchema = z.object({
  type: z.string(),
  data: z.object({
    alert: z.string(),
    portfolio: z.string(),
    subject: z.string(),
    ticker: z.string(),
    cause: z.string(),
    severity: z.string(),
    headline: z.string(),
    title: z.string(),
    text: z.string().optional(),
    event: z.object({ source: z.string(), id: z.string() }),
  }),
});

/** A notification as a person gets it. */
export interface Received {
  /** Its stable id. */
  readonly id: string;
  /** When it arrived, in milliseconds since 1970. */
  readonly at: number;
  /** `first`, `escalated`, `analysis`, … */
  readonly why: string;
  readonly data: z.infer<typeof bodySchema>['data'];
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** A receiver of alerts on this machine. Of deliveries with one id it keeps the first, as receivers should. */
export async function startReceiver(onReceived: (received: Received) => void): Promise<Receiver> {
  const received: Received[] = [];
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const at = Date.now();
      const id = String(request.headers['webhook-id'] ?? '');
      const parsed = bodySchema.safeParse(JSON.parse(body));
      response.writeHead(parsed.success ? 204 : 400).end();
      if (!parsed.success || seen.has(id)) return;
      seen.add(id);
      const { type, data } = parsed.data;
      const each = { id, at, why: type.replace(/^alert\./, ''), data };
      received.push(each);
      onReceived(each);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/alerts`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
