import { z } from 'zod';
import { fleetEnvironment } from '#cli/api/environment.ts';
import { isLocal } from '#cli/api/target.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { parseOptions } from '#cli/parse-options.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { localPlace, webhookOf, type FleetPlace } from '../fleet-place.ts';

const optionsSchema = z.object({
  delivery: z.string().min(1),
  event: z.string().regex(/^[a-z_]{1,100}$/, 'must be the name of an event, such as pull_request'),
  url: z.url({ protocol: /^https?$/, error: 'must be the URL of a task API' }).optional(),
  webhookSecret: z.string().min(1).optional(),
  appSecret: z.string().min(1).optional(),
  json: z.boolean().default(false),
});
export type ReplayOptions = z.output<typeof optionsSchema>;

/** Parses the options of `fleet github replay`. Throws wrong usage that names the first invalid one. */
export const parseReplayOptions = (raw: unknown): ReplayOptions =>
  parseOptions(optionsSchema, raw, 'github replay', ['delivery']);

/** The fleet that the options name, else the one on this machine. Throws a `UserError`. */
export function placeOf({ url = fleetEnvironment.url, webhookSecret, appSecret }: ReplayOptions): FleetPlace {
  const running = findRunningFleet();
  const api = url?.replace(/\/+$/, '');
  if (webhookSecret !== undefined && api !== undefined) {
    if (api.startsWith('http:') && !isLocal(api))
      throw wrongUsage(`${api} is not https: the payload would be sent unencrypted.`, 'Use the https URL.');
    return { webhook: webhookOf(api), webhookSecret, appSecret, endpoint: undefined };
  }
  if (webhookSecret !== undefined || appSecret !== undefined || (api !== undefined && api !== running?.api.url))
    throw wrongUsage(
      'For a deployed fleet, give both --url and --webhook-secret.',
      'They are the outputs ApiUrl of the API stack and GithubWebhookSecret of the code-review stack.',
    );
  if (running !== null) return localPlace(running);
  throw new UserError(
    'No fleet is running on this machine.',
    'Start one with npm start, or give --url and --webhook-secret of a deployed one, with AWS credentials.',
  );
}
