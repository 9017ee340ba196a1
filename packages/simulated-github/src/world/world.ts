import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Options, Permissions, WebhookTarget } from '../options.ts';
import { FaultPlan } from '../http/faults.ts';
import { LimitBook } from '../http/limits.ts';
import type { Delivery, DeliveryFault } from '../webhooks/types.ts';
import type { Actor, Installation, PullRequest, Repository, Review, User } from './types.ts';

/** A token and the moment when it expires. */
interface Token {
  readonly actor: Actor;
  readonly expiresAt: number;
}

/** All state of the simulation. Git content is in the folders of the repositories; the rest is in memory. */
export class World {
  readonly options: Options;
  readonly now: () => number;
  readonly users = new Map<string, User>();
  /** By full name in lower case: GitHub ignores case in names. */
  readonly repositories = new Map<string, Repository>();
  readonly installations = new Map<number, Installation>();
  readonly tokens = new Map<string, Token>();
  /** Oldest first. */
  readonly deliveries: Delivery[] = [];
  /** What goes wrong with the next deliveries, in their order. */
  readonly deliveryFaults: (DeliveryFault | 'none')[] = [];
  readonly faults = new FaultPlan();
  readonly limits: LimitBook;
  readonly bot: User;
  readonly publicKey: string;
  /** Undefined when the options name a public key. */
  readonly privateKey: string | undefined;
  webhook: WebhookTarget | undefined;
  /** The server's address, e.g. `http://127.0.0.1:4500`. Set once it listens. */
  url = '';
  readonly startedAt: number;
  #lastId = 1_000;

  constructor(options: Options) {
    this.options = options;
    this.now = options.now;
    this.startedAt = this.now();
    this.limits = new LimitBook(options.limits, this.now);
    this.webhook = options.webhook;
    this.bot = this.user(`${options.app.slug}[bot]`, 'Bot');
    const pair = options.app.publicKey === undefined ? newKeyPair() : undefined;
    this.publicKey = options.app.publicKey ?? pair?.publicKey ?? '';
    this.privateKey = pair?.privateKey;
  }

  newId(): number {
    return (this.#lastId += 1);
  }

  /** Returns the user with a login, and creates it at the first use. */
  user(login: string, type: User['type'] = 'User'): User {
    const known = this.users.get(login.toLowerCase());
    if (known !== undefined) return known;
    const user = { id: this.newId(), login, type };
    this.users.set(login.toLowerCase(), user);
    return user;
  }

  /** Returns the installation of the app on an account, and installs the app at the first use. */
  installationOf(account: User): Installation {
    const known = [...this.installations.values()].find((each) => each.account === account);
    if (known !== undefined) return known;
    const { permissions } = this.options.app;
    const installation = { id: this.newId(), account, permissions, createdAt: this.now() };
    this.installations.set(installation.id, installation);
    return installation;
  }

  repository(owner: string, name: string): Repository | undefined {
    return this.repositories.get(`${owner}/${name}`.toLowerCase());
  }

  /** All pull requests, of all repositories. */
  *pulls(): Iterable<PullRequest> {
    for (const repository of this.repositories.values()) yield* repository.pulls.values();
  }

  issueToken(prefix: string, actor: Actor, expiresAt: number): string {
    const token = `${prefix}${randomBytes(24).toString('base64url')}`;
    this.tokens.set(token, { actor, expiresAt });
    return token;
  }

  personalToken(login: string, permissions: Permissions, repositoryIds: ReadonlySet<number> | undefined): string {
    const actor: Actor = { kind: 'personal', user: this.user(login), permissions, repositoryIds };
    return this.issueToken('github_pat_', actor, Infinity);
  }
}

export function newKeyPair(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
}

/** GitHub's opaque global id. */
export const nodeId = (kind: string, id: number | string): string =>
  Buffer.from(`0${kind.length}:${kind}${id}`).toString('base64');

/** `2026-11-28T12:00:00Z`: GitHub has no milliseconds. */
export const isoTime = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** The reviews that a caller can see: a pending one is shown to its author only. */
export const visibleReviews = (pull: PullRequest, user: User | undefined): Review[] =>
  [...pull.reviews.values()].filter((review) => review.state !== 'PENDING' || review.user === user);
