import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { CopyPort, Received } from '../services/s3/replication/copies.ts';
import type { S3Store } from '../services/s3/store.ts';
import type { Replication, ReplicationPort } from '../services/dynamodb/replication/replication.ts';
import { sha256 } from '../services/payload.ts';
import { HEADERS } from './headers.ts';
import { Network } from './network.ts';
import type { PeerOptions, RegionsOptions } from './options.ts';
import { Transport, type PeerRequest, type Streamed } from './transport.ts';

/** A region that does not answer keeps its peers waiting for this long at most. */
const REPLICATION_TIMEOUT_MS = 10_000;

/** This cloud as one of several regions: the way to the others and the secret that it shares with them. */
export class Regions {
  readonly here: string;
  readonly network: Network;
  readonly transport = new Transport();
  readonly peers: ReadonlyMap<string, PeerOptions>;
  readonly secret: string;
  /** Set before any request arrives. */
  replication: Replication | undefined;
  /** What takes copies of objects. Set before any request arrives. */
  objects: Pick<S3Store, 'receive'> | undefined;
  readonly #ready = Promise.withResolvers<void>();

  constructor({ here, peers, secret }: RegionsOptions) {
    if (secret.length < 16) throw new Error('The secret of the regions must have at least 16 characters.');
    this.here = here;
    this.secret = secret;
    this.peers = new Map(peers.map((peer) => [peer.region, peer]));
    this.network = new Network(here, [...this.peers.keys()]);
  }

  /** The way of changes to global tables. */
  get replicationPort(): ReplicationPort {
    return {
      here: this.here,
      others: [...this.peers.keys()],
      lagMs: (to) => this.network.replicationLagMs(to),
      leastLagMs: (to) => this.network.leastReplicationLagMs(to),
      isCut: (to) => this.network.isCut(to),
      send: (to, batch) => this.#replicate(to, batch),
    };
  }

  /** The way of copies to buckets of other regions. */
  get copyPort(): CopyPort {
    return {
      others: [...this.peers.keys()],
      lagMs: (to) => this.network.leastReplicationLagMs(to),
      isCut: (to) => this.network.isCut(to),
      send: (to, copy, bytes, size) => this.#copy(to, copy, { bytes, size }),
    };
  }

  /** Replicates a table of this region to those of its other regions that are peers. */
  async replicate(table: string, regions: readonly string[]): Promise<void> {
    const others = regions.filter((region) => this.peers.has(region));
    if (others.length > 0) await this.replication?.add(table, others);
  }

  /** Resolves when the stacks of this region are there. Until then it serves no other region. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  opened(): void {
    this.#ready.resolve();
  }

  /** Whether a request has the secret of the regions. */
  knowsSecret({ headers }: IncomingMessage): boolean {
    const given = headers[HEADERS.secret] ?? headers.authorization?.replace(/^Bearer /, '') ?? '';
    return timingSafeEqual(Buffer.from(sha256(String(given))), Buffer.from(sha256(this.secret)));
  }

  close(): void {
    this.transport.close();
  }

  async #replicate(to: string, body: string): Promise<readonly number[]> {
    const signal = AbortSignal.timeout(REPLICATION_TIMEOUT_MS);
    const { later } = await this.#post<{ later: readonly number[] }>(to, '/_regions/changes', { body, signal });
    return later;
  }

  async #copy(to: string, copy: string, body: Streamed): Promise<Received> {
    const headers = { [HEADERS.copy]: copy };
    return (await this.#post<{ received: Received }>(to, '/_regions/objects', { body, headers })).received;
  }

  async #post<T>(
    to: string,
    path: string,
    { headers, ...given }: Pick<PeerRequest, 'body' | 'signal'> & { headers?: object },
  ): Promise<T> {
    const endpoint = this.peers.get(to)?.endpoint ?? '';
    const own = { [HEADERS.secret]: this.secret, [HEADERS.from]: this.here };
    const request = { ...given, endpoint, path, method: 'POST', headers: { ...own, ...headers } };
    const answer = await this.transport.send(request);
    if (answer.status !== 200) throw new Error(`The region ${to} answered ${answer.status} to ${path}.`);
    return JSON.parse(answer.body.toString('utf8')) as T;
  }
}
