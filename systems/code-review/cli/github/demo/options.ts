import { z } from 'zod';
import { fleetEnvironment } from '#cli/api/environment.ts';
import { findRunningFleet } from '#cli/fleet/registry.ts';
import { parseOptions } from '#cli/parse-options.ts';
import { wrongUsage } from '#cli/user-error.ts';

const optionsSchema = z.object({
  open: z.boolean().default(true),
  once: z.boolean().default(false),
  json: z.boolean().default(false),
});
export type DemoOptions = z.output<typeof optionsSchema>;

/** Parses the options of `fleet github demo`. Throws wrong usage, also when another fleet than that here is named. */
export function parseDemoOptions(raw: unknown): DemoOptions {
  const options = parseOptions(optionsSchema, raw, 'github demo');
  const { url } = fleetEnvironment;
  if (url === undefined || url.replace(/\/+$/, '') === findRunningFleet()?.api.url) return options;
  throw wrongUsage(
    `FLEET_URL names the fleet at ${url}. The demo only uses a fleet on this machine.`,
    'Unset FLEET_URL. The demo replaces the key of the fleet’s GitHub App while it runs.',
  );
}
