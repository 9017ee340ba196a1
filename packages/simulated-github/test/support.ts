import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { appJwt, startSimulatedGithub, type SimulatedGithub, type SimulatedGithubOptions } from '../src/index.ts';
import { newKeyPair } from '../src/world/world.ts';
import { answerProblems, requestProblems } from './published/validate.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- Tests look into answers whose schemas are GitHub's.
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export interface Send {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The app's key, for all tests: to make one takes a while. */
export const KEY = newKeyPair();

export class Simulation {
  readonly github: SimulatedGithub;
  /** In milliseconds. Advance it to let limits and tokens expire. */
  readonly clock: { now: number };

  constructor(github: SimulatedGithub, clock: { now: number }) {
    this.github = github;
    this.clock = clock;
  }

  jwt = (): string => appJwt({ id: this.github.app.id, privateKey: KEY.privateKey }, this.clock.now);

  /** Sends a request. Each answer and each accepted body must be as GitHub's OpenAPI description says. */
  async send(method: string, path: string, { token, headers, body }: Send = {}): Promise<Answer> {
    const response = await fetch(`${this.github.url}${path}`, {
      method,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const content = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    const parsed: Json = isJson && content !== '' ? JSON.parse(content) : content;
    const plain = path.split('?')[0] ?? '';
    const problems = isJson && content !== '' ? answerProblems(method, plain, response.status, parsed) : [];
    if (response.ok && body !== undefined) problems.push(...requestProblems(method, plain, body));
    if (problems.length > 0) throw new Error(`Not as GitHub describes it:\n${problems.join('\n')}`);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  /** A token of the app's installation on the owner of a repository, narrowed as `body` says. */
  async installationToken(installationId: number | undefined, body: unknown = {}): Promise<string> {
    const path = `/app/installations/${installationId}/access_tokens`;
    const answer = await this.send('POST', path, { token: this.jwt(), body });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.token;
  }
}

/** Starts a simulated GitHub in a folder of its own and removes both after the test. Its clock stands still. */
export async function simulate(options: Partial<SimulatedGithubOptions> = {}): Promise<Simulation> {
  const folder = await mkdtemp(join(tmpdir(), 'simulated-github-'));
  const clock = { now: Date.parse('2026-11-28T12:00:00Z') };
  const github = await startSimulatedGithub({
    folder,
    writeMs: 0,
    now: () => clock.now,
    app: { publicKey: KEY.publicKey },
    ...options,
  });
  const simulation = new Simulation(github, clock);
  onTestFinished(async () => {
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return simulation;
}

export const REPOSITORY = 'octo-org/shop';

/** `src/cart.ts` has 30 numbered lines; the pull request changes lines 10 and 25 and adds a file. */
export const lines = (changed: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 30 }, (_, index) => `${changed[index + 1] ?? `line ${index + 1}`}\n`).join('');

/** A simulation with one pull request and an installation token. */
export async function withPullRequest(options: Partial<SimulatedGithubOptions> = {}) {
  const simulation = await simulate(options);
  const { github } = simulation;
  const repository = await github.createRepository({ name: 'shop', files: { 'src/cart.ts': lines() } });
  await github.push({
    repository: REPOSITORY,
    branch: 'feature',
    files: { 'src/cart.ts': lines({ 10: 'ten', 25: 'twenty-five' }), 'src/new.ts': 'export const a = 1;\n' },
  });
  const pull = await github.openPullRequest({ repository: REPOSITORY, head: 'feature', title: 'A change' });
  const token = await simulation.installationToken(repository.installationId);
  const at = `/repos/${REPOSITORY}/pulls/${pull.number}`;
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    simulation.send(method, path.startsWith('/') ? path : `${at}/${path}`, { token, body, headers });
  return { simulation, github, repository, pull, token, at, send };
}

/** The statuses of several answers, smallest first. */
export const statuses = (answers: readonly Answer[]): number[] =>
  answers.map(({ status }) => status).sort((a, b) => a - b);

export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A receiver of webhooks that answers with `status`. */
export async function receive(status: () => number = () => 202) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(status()).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received };
}
