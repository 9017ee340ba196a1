import { fileURLToPath } from 'node:url';
import { processSandbox } from '#adapters/sandbox/process-sandbox.ts';
import { programSchema, type SandboxOutcome } from '#core/ports/sandbox.ts';

/** Lies beside this file in the bundle. */
const sandbox = processSandbox({ interpreter: fileURLToPath(new URL('interpreter.mjs', import.meta.url)) });

/** Runs a program that nobody vouches for. The function has no rights and no network: nothing here traces or measures. */
export const handler = (event: unknown): Promise<SandboxOutcome> => sandbox.run(programSchema.parse(event));
