import { Agent, request } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './captured.ts';

/** Bytes that are not held in memory. */
export interface Streamed {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly size: number;
}

/** A request to another region's gateway. */
export interface PeerRequest {
  readonly endpoint: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer | Streamed;
  readonly signal?: AbortSignal;
}

/** Connections to the gateways of other regions. The simulated network is not here: see `Network`. */
export class Transport {
  readonly #agent = new Agent({ keepAlive: true });

  /** Throws when the region does not answer. */
  async send({ endpoint, method, path, headers, body, signal }: PeerRequest): Promise<Answer> {
    const { hostname, port } = new URL(endpoint);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const isStreamed = typeof body === 'object' && 'bytes' in body;
      const length = isStreamed ? body.size : Buffer.byteLength(body);
      const options = { agent: this.#agent, hostname, port, method, path, signal };
      const sending = request({ ...options, headers: { ...headers, 'content-length': length } }, resolve);
      sending.once('error', reject);
      if (isStreamed) pipeline(body.bytes, sending).catch(reject);
      else sending.end(body);
    });
    return { status: response.statusCode ?? 500, headers: response.headers, body: await buffer(response) };
  }

  close(): void {
    this.#agent.destroy();
  }
}
