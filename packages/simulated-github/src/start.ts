import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { FaultRule } from './http/faults.ts';
import { Router } from './http/route.ts';
import { createGithubServer } from './http/server.ts';
import {
  optionsSchema,
  webhookSchema,
  type Permissions,
  type SimulatedGithubOptions,
  type WebhookTarget,
} from './options.ts';
import { routes } from './routes/index.ts';
import { deliveryItemView, redeliver } from './webhooks/delivery.ts';
import type { DeliveryFault } from './webhooks/types.ts';
import { sendPing } from './webhooks/events.ts';
import { Handles, type PullRequestHandle, type RepositoryHandle } from './handles.ts';
import { createRepository, repositoryOf, type NewRepository } from './world/repositories.ts';
import { openPullRequest, push, refresh, resetBranch, type NewPullRequest, type Push } from './world/pulls.ts';
import { World } from './world/world.ts';

/** A delivery of a webhook, as `GET /app/hook/deliveries` lists it. */
export interface DeliveryItem {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly redelivery: boolean;
  readonly status: string;
  /** 0 while it is under way and when there was no answer. */
  readonly status_code: number;
  /** Seconds until the answer, to the hundredth. */
  readonly duration: number;
}

/** A token of a person. It sees all repositories, or those that `repositories` names. */
export interface NewToken {
  readonly user: string;
  /** @default everything that the simulation has: write */
  readonly permissions?: Permissions;
  /** Full names. */
  readonly repositories?: readonly string[];
}

/** A running simulation of GitHub. */
export interface SimulatedGithub {
  /** The base URL of the REST API and of the pages, e.g. `http://127.0.0.1:4500`. */
  readonly url: string;
  /** The app that is installed on each new repository. `privateKey` signs its JWTs (PEM). */
  readonly app: { readonly id: number; readonly slug: string; readonly privateKey: string | undefined };
  createRepository(wanted: NewRepository): Promise<RepositoryHandle>;
  /** From now on the API answers 404 for it. */
  removeRepository(fullName: string): void;
  openPullRequest(wanted: NewPullRequest): Promise<PullRequestHandle>;
  /** The pull request with a number, e.g. to look at its comments. */
  pullRequest(fullName: string, number: number): PullRequestHandle;
  /** Commits files to a branch, which updates its pull requests. Returns the commit's SHA. */
  push(wanted: Push): Promise<string>;
  /** A forced push of a branch to a commit that exists. */
  resetBranch(fullName: string, branch: string, to: string): Promise<void>;
  /** Reads the branches again, after `git push` into the repository's folder. */
  refresh(fullName: string): Promise<void>;
  /** Somebody presses "Re-run" on a check run, or one of its buttons. */
  rerequest(checkRunId: number, identifier?: string): void;
  /** Somebody presses "Re-run all checks" on the commit of a check run. */
  rerequestAll(checkRunId: number): Promise<void>;
  createToken(wanted: NewToken): string;
  /** Sends webhooks to this address from now on, beginning with `ping`. Undefined: sends none. */
  setWebhook(webhook: WebhookTarget | undefined): void;
  /** All deliveries, oldest first. */
  deliveries(): DeliveryItem[];
  /** Sends a delivery again with the same GUID. */
  redeliver(deliveryId: number): void;
  /** What goes wrong with the next deliveries, in their order. */
  faultDeliveries(...faults: readonly (DeliveryFault | 'none')[]): void;
  /** Injects a fault into the next requests that match. */
  fault(rule: FaultRule): void;
  /** Resolves when no delivery is under way. */
  settled(): Promise<void>;
  /** Stops the server. The repositories stay in their folder. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const EVERYTHING: Permissions = {
  checks: 'write',
  contents: 'write',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
};

/**
 * Starts the simulated GitHub, listening on 127.0.0.1.
 * Rejects with a `ZodError` when an option is invalid, and with an `Error` when the port is in use.
 */
export async function startSimulatedGithub(options: SimulatedGithubOptions): Promise<SimulatedGithub> {
  const world = new World(optionsSchema.parse(options));
  await mkdir(world.options.folder, { recursive: true });
  const server = createGithubServer(world, new Router(routes));
  server.listen(world.options.port, '127.0.0.1');
  await once(server, 'listening');
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (world.webhook !== undefined) sendPing(world);
  const handles = new Handles(world);

  const settled = async (): Promise<void> => {
    await Promise.all(world.deliveries.map(({ ended }) => ended));
  };
  const stop = async (): Promise<void> => {
    world.webhook = undefined;
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
    await settled();
  };
  return {
    url: world.url,
    app: { id: world.options.app.id, slug: world.options.app.slug, privateKey: world.privateKey },
    createRepository: async (wanted) => handles.repository(await createRepository(world, wanted)),
    removeRepository: (name) => void world.repositories.delete(name.toLowerCase()),
    openPullRequest: async (wanted) => handles.pull(await openPullRequest(world, wanted)),
    pullRequest: (name, number) => handles.find(name, number),
    push: async (wanted) => push(world, wanted),
    resetBranch: async (name, branch, to) => resetBranch(world, name, branch, to),
    refresh: async (name) => refresh(world, repositoryOf(world, name)),
    rerequest: (id, identifier) => handles.rerequest(id, identifier),
    rerequestAll: async (id) => handles.rerequestAll(id),
    createToken: ({ user, permissions = EVERYTHING, repositories }) =>
      world.personalToken(
        user,
        permissions,
        repositories && new Set(repositories.map((name) => repositoryOf(world, name).id)),
      ),
    setWebhook(webhook) {
      world.webhook = webhook === undefined ? undefined : webhookSchema.parse(webhook);
      if (webhook !== undefined) sendPing(world);
    },
    deliveries: () => world.deliveries.map((each) => deliveryItemView(each) as unknown as DeliveryItem),
    redeliver(id) {
      const found = world.deliveries.find((each) => each.id === id);
      if (found === undefined) throw new Error(`There is no delivery ${id}.`);
      redeliver(world, found);
    },
    faultDeliveries: (...faults) => void world.deliveryFaults.push(...faults),
    fault: (rule) => world.faults.add(rule),
    settled,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
