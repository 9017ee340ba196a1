import type { z } from 'zod';
import { parseFlags } from '#cli/parse-options.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';

/** The action of a command: parses the options, measures and prints the figures. */
export function bench<Options extends { readonly json: boolean }>(
  schema: z.ZodType<Options>,
  measure: (options: Options, output: Output) => Promise<object>,
) {
  return async (raw: unknown): Promise<void> => {
    const options = parseFlags(schema, raw, 'See npm run bench -- --help.');
    const output = terminalOutput(options.json);
    print(await measure(options, output), options.json, output);
  };
}

function print(figures: object, json: boolean, output: Output): void {
  output.progress('');
  if (json) return output.json(figures);
  for (const [name, value] of Object.entries(figures))
    output.line(`${name.padEnd(18)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
}
