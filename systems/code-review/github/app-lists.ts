import { z } from 'zod';
import type { GithubClient, Page } from './client.ts';

const deliverySchema = z.object({
  id: z.number(),
  /** The same for all attempts. */
  guid: z.string(),
  delivered_at: z.coerce.date(),
  event: z.string(),
  status_code: z.number(),
});
export type DeliveryAttempt = z.infer<typeof deliverySchema>;

/**
 * A page of the attempts to deliver, newest first. GitHub keeps three days. It can list failures alone, but then leaves
 * out those without an answer.
 */
export const readDeliveries = async (app: GithubClient, path: string | null): Promise<Page<DeliveryAttempt[]>> =>
  app.page(path ?? '/app/hook/deliveries?per_page=100', deliverySchema.array());

/** Sends a delivery again, with the same guid. */
export async function redeliver(app: GithubClient, id: number): Promise<void> {
  await app.post(`/app/hook/deliveries/${id}/attempts`, {}, z.unknown());
}

const installationSchema = z.object({ id: z.number(), suspended_at: z.string().nullish() });

/** The installations of the app that are not suspended, by id. */
export async function readInstallations(app: GithubClient): Promise<number[]> {
  const all = await app.list('/app/installations', installationSchema);
  const active = all.filter(({ suspended_at: suspended }) => suspended === null || suspended === undefined);
  return active.map(({ id }) => id).toSorted((a, b) => a - b);
}

const repositorySchema = z.object({ id: z.number(), full_name: z.string(), archived: z.boolean().optional() });
export type Repository = z.infer<typeof repositorySchema>;

/** The repositories that an installation's token sees and that can change, by id. */
export async function readRepositories(client: GithubClient): Promise<Repository[]> {
  const all: Repository[] = [];
  const schema = z.object({ repositories: z.array(repositorySchema) });
  let path: string | null = '/installation/repositories?per_page=100';
  while (path !== null) {
    const page: Page<z.infer<typeof schema>> = await client.page(path, schema);
    all.push(...page.value.repositories.filter(({ archived }) => archived !== true));
    path = page.next;
  }
  return all.toSorted((a, b) => a.id - b.id);
}

const openPullSchema = z.object({
  number: z.number().int().positive(),
  draft: z.boolean().nullish(),
  updated_at: z.coerce.date(),
  head: z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) }),
});
export type OpenPull = z.infer<typeof openPullSchema>;

/** The open pull requests of a repository that changed after a time, newest change first. */
export async function readOpenPulls(client: GithubClient, repository: string, after: number): Promise<OpenPull[]> {
  const open: OpenPull[] = [];
  let path: string | null = `/repos/${repository}/pulls?state=open&sort=updated&direction=desc&per_page=100`;
  while (path !== null) {
    const page: Page<OpenPull[]> = await client.page(path, openPullSchema.array());
    const recent = page.value.filter(({ updated_at: at }) => at.getTime() > after);
    open.push(...recent);
    path = recent.length < page.value.length ? null : page.next;
  }
  return open;
}
