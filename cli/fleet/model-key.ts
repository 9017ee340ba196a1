import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Output } from '../terminal/output.ts';
import { UserError } from '../user-error.ts';
import { PROJECT } from './paths.ts';

/** The API key of the real model if the user has set one; null for the simulated Claude. */
export function modelKey(): string | null {
  const key = process.env['ANTHROPIC_API_KEY']?.trim();
  return key === undefined || key === '' ? null : key;
}

/** Warns once, before the first call. */
export function warnOfRealModel(output: Output): void {
  output.line('ANTHROPIC_API_KEY is set: the real Claude API answers and bills you. Unset it for the simulated one.');
}

const configSchema = z.looseObject({ model: z.looseObject({ provider: z.string() }).optional() });

/**
 * Refuses to start with an API key that the configuration has no use for: the workers would call the provider on AWS,
 * which bills every call, with the local cloud's credentials. Throws `UserError`.
 * @param model the setting of the model, as JSON, if one stands over config/dev.json
 */
export function checkProvider(apiKey: string | null, model?: string): void {
  if (apiKey === null) return;
  const config: unknown =
    model === undefined
      ? JSON.parse(readFileSync(join(PROJECT, 'config/dev.json'), 'utf8'))
      : { model: JSON.parse(model) };
  const provider = configSchema.safeParse(config).data?.model?.provider ?? 'anthropic';
  if (provider === 'anthropic') return;
  throw new UserError(
    `ANTHROPIC_API_KEY is set, but \`model\` in config/dev.json names the provider ${provider}, which takes no key.`,
    'Unset ANTHROPIC_API_KEY to try the fleet with the simulated Claude, which costs nothing. ' +
      'Or remove `model` from config/dev.json: then the Claude API answers with your key and bills every call.',
  );
}
