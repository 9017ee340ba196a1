import { z } from 'zod';

/** What the command and the process of the simulated GitHub say to each other. */

const files = z.record(z.string(), z.string());

/** The command asks for a repository with a pull request. */
export const orderSchema = z.object({
  webhook: z.object({ url: z.string(), secret: z.string() }),
  repository: z.string(),
  main: files,
  change: files,
  branch: z.string(),
  title: z.string(),
  body: z.string(),
});
export type Order = z.infer<typeof orderSchema>;

const startedSchema = z.object({
  kind: z.literal('started'),
  url: z.string(),
  appId: z.number(),
  privateKey: z.string(),
});
export type Started = z.infer<typeof startedSchema>;

const openedSchema = z.object({
  kind: z.literal('opened'),
  /** `owner/name` */
  repository: z.string(),
  number: z.number(),
  /** Its page. */
  page: z.string(),
  /** The folder of the bare repository. */
  path: z.string(),
});
export type Opened = z.infer<typeof openedSchema>;

const stateSchema = z.object({
  kind: z.literal('state'),
  head: z.string(),
  /** Of pull requests, oldest first. */
  deliveries: z.array(
    z.object({ id: z.number(), head: z.string(), action: z.string(), status: z.string(), code: z.number() }),
  ),
  /** Of the head. */
  checkRuns: z.array(z.object({ status: z.string(), conclusion: z.string().nullable() })),
});
export type State = z.infer<typeof stateSchema>;

const failedSchema = z.object({ kind: z.literal('failed'), message: z.string() });

export const saidSchema = z.discriminatedUnion('kind', [startedSchema, openedSchema, stateSchema, failedSchema]);
export type Said = z.infer<typeof saidSchema>;
