import { setTimeout as delay } from 'node:timers/promises';
import type { PullRequestHandle } from '@agent-fleet/simulated-github';
import { z } from 'zod';
import { localClient } from '#cli/fleet/connection.ts';
import { connectGithub, verdicts } from '../connect-github.ts';

/** What the command tells the process that measures: the fleet, and its secrets. */
const fleetSchema = z.object({
  folder: z.string(),
  endpoint: z.string(),
  url: z.string(),
  GithubAppSecret: z.string(),
  GithubWebhookSecret: z.string(),
});
const MAX_WAIT_MS = 300_000;

export const told = (): unknown => JSON.parse(process.argv[2] ?? '');

/** Starts a simulated GitHub whose app is the fleet that the command names. */
export async function githubOfFleet() {
  const fleet = fleetSchema.parse(told());
  const { github } = await connectGithub({
    client: localClient(fleet.endpoint),
    folder: fleet.folder,
    url: fleet.url,
    appSecret: fleet.GithubAppSecret,
    webhookSecret: fleet.GithubWebhookSecret,
  });
  return github;
}

/** @returns seconds until the verdict */
export async function verdictOf(pull: PullRequestHandle, started: number): Promise<number> {
  while (verdicts(pull).length === 0) {
    if (performance.now() - started > MAX_WAIT_MS) throw new Error(`${pull.url} has no verdict after five minutes.`);
    await delay(20);
  }
  return (performance.now() - started) / 1_000;
}
