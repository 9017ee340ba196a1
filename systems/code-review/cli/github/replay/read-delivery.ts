import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { AppAccess, credentialsSchema } from '../../../github/app-access.ts';
import { GithubClient, GithubError } from '../../../github/client.ts';
import { codeReviewSettings } from '../../../settings.ts';

/** A delivery to send. */
export interface Delivery {
  readonly event: string;
  /** GitHub's GUID. */
  readonly id: string;
  readonly body: Buffer;
}

/** A file that says what GitHub's headers say. Other files are payloads. */
const deliveryFileSchema = z.strictObject({
  event: z.string().min(1),
  delivery: z.string().min(1).optional(),
  payload: z.record(z.string(), z.unknown()),
});

/**
 * Reads a delivery from a file: a payload, or `{event, delivery, payload}`.
 * @param event of a payload
 */
export async function readDeliveryFile(path: string, event: string): Promise<Delivery> {
  const content = await read(path);
  const parsed = parse(path, content.toString('utf8'));
  const described = deliveryFileSchema.safeParse(parsed);
  if (!described.success) return { event, id: randomUUID(), body: content };
  const { delivery = randomUUID(), payload } = described.data;
  return { event: described.data.event, id: delivery, body: Buffer.from(JSON.stringify(payload)) };
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw wrongUsage(
      `The delivery cannot be read: ${error.message}.`,
      'Give a file with a payload, or the id of a delivery from the app’s page on GitHub.',
    );
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrongUsage(`${path} is not JSON: ${(error as Error).message}.`, 'Give the payload as GitHub sends it.');
  }
}

/** Whether the argument is the id of a delivery: GitHub's are numbers. */
export const isDeliveryId = (text: string): boolean => /^\d{1,20}$/.test(text);

const kept = z.object({
  guid: z.string(),
  event: z.string(),
  request: z.object({ payload: z.record(z.string(), z.unknown()) }),
});

/**
 * Reads a delivery from GitHub, which keeps those of the last three days. Throws a `UserError`.
 * @param secret the content of the secret with the app's key
 */
export async function readKeptDelivery(id: string, secret: string): Promise<Delivery> {
  const access = await appAccess(secret);
  try {
    const { guid, event, request } = await new GithubClient(access).get(`/app/hook/deliveries/${id}`, kept);
    return { event, id: guid, body: Buffer.from(JSON.stringify(request.payload)) };
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    throw new UserError(
      `The delivery ${id} cannot be read from ${access.url}. ${error.message}`,
      'GitHub keeps deliveries for three days. The app’s page lists them: Advanced, Recent deliveries.',
    );
  }
}

async function appAccess(secret: string) {
  const { githubUrl: url } = codeReviewSettings.parse({});
  const access = await new AppAccess({ url, now: Date.now, credentials: async () => credentialsOf(secret) }).asApp();
  if (access !== null) return access;
  throw new UserError(
    'The fleet has a personal token, with which GitHub shows no deliveries.',
    'Save the payload from the webhook’s page (Recent deliveries) as a file, and replay it.',
  );
}

function credentialsOf(secret: string) {
  const parsed = credentialsSchema.safeParse(parsedOrText(secret));
  if (parsed.success) return parsed.data;
  throw new UserError(
    'The fleet’s secret github-app has no app, so GitHub cannot be asked for a delivery.',
    'Replay a file, or set the secret; systems/code-review/README.md says to what.',
  );
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
